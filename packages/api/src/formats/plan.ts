import { ARCHITECTURES, COST_SOURCES, PASSES, POLICIES } from '../words.ts';
import { readerOf } from './reading.ts';
import {
  among,
  amount,
  count,
  flag,
  fraction,
  listOf,
  object,
  type Of,
  optional,
  pair,
  triple,
  word,
} from './shape.ts';

/**
 * What the planner writes and everybody else reads: `plan.json` and `schedule.json` on the volume (on a cluster, ConfigMaps). Pure data.
 */

/** [height, width, channels] of one sample. */
export type Shape3 = Of<typeof triple>;

/** A convolution of the teacher, as the planner saw it. */
export type LayerInfo = Of<typeof layerInfo>;
const layerInfo = object({
  name: word,
  className: word,
  kernel: pair,
  strides: pair,
  padding: among('same', 'valid'),
  dilation: pair,
  /** Keras name of the activation inside the layer; `linear` when there is none. */
  activation: word,
  inputShape: triple,
  outputShape: triple,
  /** Trainable and other weights of the layer. */
  params: count,
  /** Multiply-accumulates of the layer for one sample. */
  macs: count,
  /** Position among the network's layers, in topological order. */
  depth: count,
  /** Multiply-accumulates of everything that must run to produce this layer's output, itself included, for one sample. */
  prefixMacs: count,
});

/** Cost of training a block for one epoch, in the unit of `Plan.costUnit`. A bin pays the deepest `prefix` once a pass when passes are fused, else each. */
export type BlockCost = Of<typeof blockCost>;
export const blockCost = object({
  /** Data and teacher forward up to the layer's output. */
  prefix: amount,
  /** Forward, backward and update of the replacement. */
  own: amount,
});

/** A layer that will be replaced: one independent task of the paper's Algorithm 1. */
export type BlockPlan = Of<typeof blockPlan>;
const blockPlan = object({
  /** Name of the layer; blocks are named by the layer they replace. */
  name: word,
  architecture: among(...ARCHITECTURES),
  layer: layerInfo,
  /** Weights of the replacement. */
  params: count,
  /** Multiply-accumulates of the replacement for one sample. */
  macs: count,
  cost: blockCost,
});

/** A convolution that stays, and why. */
export type KeptLayer = Of<typeof keptLayer>;
export const keptLayer = object({ layer: layerInfo, reason: word });

/** Why files of a data folder are not read. */
export type LeftOutKind = (typeof LEFT_OUT_KINDS)[number];
const LEFT_OUT_KINDS = [
  /** Pictures of a format that the decoder does not know, by ending. */
  'Format',
  /** Files whose contents would have to be unpacked first, by ending. */
  'Archive',
  /** Files that are no pictures, by ending. */
  'OtherFile',
  /** A folder of an image folder that is none of the splits that are read. */
  'NoSplit',
  /** A folder where only files are read. */
  'Folder',
  /** Pictures that lie beside the folders that are read. */
  'Beside',
  /** Hidden files and folders and those that systems leave behind, such as `Thumbs.db`. */
  'Hidden',
  /** Links that lead back to a folder they lie in. */
  'LinkLoop',
  /** Sockets, pipes, devices. */
  'Special',
  /** Folders that may not be opened. */
  'Unopened',
] as const;

/** Files of a data folder that are not read, for one reason. */
export type LeftOut = Of<typeof leftOut>;
const leftOut = object({
  kind: among(...LEFT_OUT_KINDS),
  /** Ending in lower case with its dot, empty for none; or the folder's name. */
  what: optional(word),
  /** Files; of `NoSplit` and `Folder` those in it. */
  count,
  /** The first few paths, relative to the data folder. */
  examples: listOf(word),
});

/** An image file that is counted under `spec.dataset.maxUnreadable`, and why. */
export type UnreadableFile = Of<typeof unreadableFile>;
const unreadableFile = object({
  name: word,
  /** A phrase that goes after the name, without a full stop. */
  reason: word,
});

/** Sizes and hash of the data as the job sees it (after limits), and what of its folder is not read. */
export type DatasetSummary = Of<typeof datasetSummary>;
export const datasetSummary = object({
  /** SHA-256 over the names and contents of all that is read; of an earlier version's plan see `hashOf`. */
  sha256: word,
  /** Absent in plans of earlier versions, whose hash is of the names and sizes and of the first and last 4 KiB of each file. */
  hashOf: optional(among('Contents')),
  train: count,
  validation: count,
  test: count,
  classes: count,
  imageShape: triple,
  labelled: flag,
  /** Of image folders: where each split is read from. Without one for validation it is held out of `train`. */
  folders: optional(object({ train: word, validation: optional(word), test: optional(word) })),
  /** Images read from sub-folders of their class. */
  nested: optional(count),
  /** What of the data folder is not read, by kind; absent when all is. */
  leftOut: optional(listOf(leftOut)),
  /** Images found unreadable by the planner, which does not decode them. */
  unreadable: optional(listOf(unreadableFile)),
});

export type TeacherSummary = Of<typeof teacherSummary>;
const teacherSummary = object({
  sha256: word,
  format: word,
  outputs: among('Logits', 'Probabilities'),
  inputShape: triple,
  classes: count,
  params: count,
  macs: count,
  /** Accuracy on the validation split; absent without labels. */
  validationAccuracy: optional(fraction),
});

/** Which arithmetic made a result. Weights are comparable bit for bit only between equal signatures. */
export type BackendSignature = Of<typeof backendSignature>;
export const backendSignature = object({ name: word, tensorflow: word, cpuThreads: count });

/** How a plan counts; a report tells it again. */
export const planFigures = {
  dataset: datasetSummary,
  stepsPerEpoch: count,
  epochs: count,
  costUnit: among('MAC', 'Second'),
  costSource: among(...COST_SOURCES),
} as const;

export type Plan = Of<typeof plan>;
const plan = object({
  version: among(1),
  /** SHA-256 of everything that decides the result: the spec without scheduling and cluster, the teacher's and the data's hash. */
  recipe: word,
  /** `planKey` of the manifest it was made from. */
  key: word,
  teacher: teacherSummary,
  ...planFigures,
  /** In the order of the network. */
  blocks: listOf(blockPlan),
  kept: listOf(keptLayer),
  /** Sentences on the patterns of `spec.blocks` that have no effect; absent when all have one. */
  unmatched: optional(listOf(word)),
  backend: backendSignature,
});

/** Blocks of one worker, the first to be trained first. */
export type Bin = Of<typeof bin>;
const bin = object({
  index: count,
  blocks: listOf(word),
  /** Planned cost of all epochs, in the plan's unit. */
  cost: amount,
});

/** Output of a scheduler: `schedule.json`, on a cluster a ConfigMap. */
export type BinSchedule = Of<typeof binSchedule>;
export const binSchedule = object({
  version: among(1),
  policy: among(...POLICIES),
  passes: among(...PASSES),
  bins: listOf(bin),
  /** Largest bin cost. */
  makespan: amount,
  /** What no schedule of these blocks on so many bins can beat. */
  lowerBound: amount,
});

/** The body of `plan.json`. */
export const readPlanBody = readerOf(plan);

/** The body of `schedule.json`, or the schedule that a pod is given. */
export const readScheduleBody = readerOf(binSchedule);
