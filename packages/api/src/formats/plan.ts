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

/** What the planner writes and all others read: `plan.json` and `schedule.json` on the volume (on a cluster, ConfigMaps). Pure. */

/** [height, width, channels] of one sample. */
export type Shape3 = Of<typeof triple>;

/** A convolution or dense layer of the teacher, as the planner found it; of a dense layer kernel and strides are 1. */
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
  /** Weights of the layer, trainable or not. */
  params: count,
  /** Multiply-accumulates of the layer for one sample. */
  macs: count,
  /** Index among the network's layers, in topological order. */
  depth: count,
  /** Multiply-accumulates, for one sample, of everything that must run to compute this layer's output, itself included. */
  prefixMacs: count,
  /** Numbers of feature maps that the same operations read and write; not in plans of versions that did not count them. */
  prefixElements: optional(count),
});

/**
 * Cost of training a block for one epoch, in the unit of `Plan.costUnit`. In a fused pass a bin pays the deepest `prefix` once,
 * otherwise each block its own.
 */
export type BlockCost = Of<typeof blockCost>;
export const blockCost = object({
  /** Reading the data and running the teacher up to the layer's output. */
  prefix: amount,
  /** Forward pass, backward pass and update of the replacement. */
  own: amount,
});

/** A layer that will be replaced: one independent task of the paper's Algorithm 1. */
export type BlockPlan = Of<typeof blockPlan>;
const blockPlan = object({
  /** Name of the layer that it replaces; with the candidate's where a job has several a layer. */
  name: word,
  architecture: among(...ARCHITECTURES),
  /** Of a low-rank block: the share of the channels that it keeps, a decimal. */
  ratio: optional(word),
  layer: layerInfo,
  /** Weights of the replacement. */
  params: count,
  /** Multiply-accumulates of the replacement for one sample. */
  macs: count,
  cost: blockCost,
});

/** A layer that is not replaced, and why: any convolution, and dense layers where the job replaces such. */
export type KeptLayer = Of<typeof keptLayer>;
export const keptLayer = object({ layer: layerInfo, reason: word });

/** A candidate that is not trained, though others for its layer are, and why. */
export type UntrainedCandidate = Of<typeof untrainedCandidate>;
const untrainedCandidate = object({ block: word, reason: word });

/** Why files of a data folder are not read. */
export type LeftOutKind = (typeof LEFT_OUT_KINDS)[number];
const LEFT_OUT_KINDS = [
  /** Images in a format that the decoder does not know, by extension. */
  'Format',
  /** Files whose contents would first have to be unpacked, by extension. */
  'Archive',
  /** Files that are not images, by extension. */
  'OtherFile',
  /** A folder of an image folder that is not one of the splits. */
  'NoSplit',
  /** A folder in a place where only files are read. */
  'Folder',
  /** Images beside the folders that are read. */
  'Beside',
  /** Hidden files and folders, and those that operating systems leave behind, such as `Thumbs.db`. */
  'Hidden',
  /** Links that lead back to a folder that contains them. */
  'LinkLoop',
  /** Sockets, pipes and devices. */
  'Special',
  /** Folders that cannot be opened for lack of permission. */
  'Unopened',
] as const;

/** Files of a data folder that are not read, for one reason. */
export type LeftOut = Of<typeof leftOut>;
const leftOut = object({
  kind: among(...LEFT_OUT_KINDS),
  /** Extension in lower case with its dot, empty when there is none; or the folder's name. */
  what: optional(word),
  /** Number of files; of `NoSplit` and `Folder` the files inside. */
  count,
  /** The first few paths, relative to the data folder. */
  examples: listOf(word),
});

/** An image file that counts towards `spec.dataset.maxUnreadable`, and why. */
export type UnreadableFile = Of<typeof unreadableFile>;
const unreadableFile = object({
  name: word,
  /** A phrase that follows the name, without a full stop. */
  reason: word,
});

/** Sizes and hash of the data as the job sees them (after limits), and what in their folder is not read. */
export type DatasetSummary = Of<typeof datasetSummary>;
const datasetSummary = object({
  /** SHA-256 over the names and contents of everything that is read; for plans of earlier versions see `hashOf`. */
  sha256: word,
  /** Absent in plans of earlier versions, whose hash covers the names and sizes and the first and last 4 KiB of each file. */
  hashOf: optional(among('Contents')),
  train: count,
  validation: count,
  test: count,
  classes: count,
  imageShape: triple,
  labelled: flag,
  /** Of image folders: where each split is read from. Without a folder for validation, it is held out of `train`. */
  folders: optional(object({ train: word, validation: optional(word), test: optional(word) })),
  /** Images read from sub-folders of their class. */
  nested: optional(count),
  /** What in the data folder is not read, by kind; absent when everything is. */
  leftOut: optional(listOf(leftOut)),
  /** Images that the planner, which does not decode them, found to be unreadable. */
  unreadable: optional(listOf(unreadableFile)),
});

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

/** Which arithmetic produced a result. Weights are comparable bit for bit only when the signatures are equal. */
export type BackendSignature = Of<typeof backendSignature>;
export const backendSignature = object({ name: word, tensorflow: word, cpuThreads: count });

/** The figures of a plan that the report repeats. */
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
  /** SHA-256 of everything that decides the result: the spec without scheduling and cluster, and the hashes of teacher and data. */
  recipe: word,
  /** `planKey` of the manifest that the plan was made from. */
  key: word,
  teacher: teacherSummary,
  ...planFigures,
  /** In the order of the network. */
  blocks: listOf(blockPlan),
  kept: listOf(keptLayer),
  /** Absent when every candidate is trained. */
  untrained: optional(listOf(untrainedCandidate)),
  /** Sentences about the patterns of `spec.blocks` that have no effect; absent when all have one. */
  unmatched: optional(listOf(word)),
  backend: backendSignature,
});

/** Blocks of one worker, in the order in which they are trained. */
export type Bin = Of<typeof bin>;
const bin = object({
  index: count,
  blocks: listOf(word),
  /** Planned cost of all epochs, in the plan's unit. */
  cost: amount,
});

/** Result of a scheduler: `schedule.json`; on a cluster, a ConfigMap. */
export type BinSchedule = Of<typeof binSchedule>;
export const binSchedule = object({
  version: among(1),
  policy: among(...POLICIES),
  passes: among(...PASSES),
  bins: listOf(bin),
  /** Largest bin cost. */
  makespan: amount,
  /** Lower bound on the makespan of any schedule of these blocks on this number of bins. */
  lowerBound: amount,
});

/** The body of `plan.json`. */
export const readPlanBody = readerOf(plan);

/** The body of `schedule.json`, or the schedule that a pod is given. */
export const readScheduleBody = readerOf(binSchedule);
