import type { Architecture, SchedulingSpec } from '../job.ts';

/**
 * What the planner writes and everybody else reads: `plan.json` on the volume (and, on a cluster, a ConfigMap). Pure data.
 */

/** [height, width, channels] of one sample. */
export type Shape3 = readonly [number, number, number];

/** A convolution of the teacher, as the planner saw it. */
export interface LayerInfo {
  readonly name: string;
  readonly className: string;
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: 'same' | 'valid';
  readonly dilation: readonly [number, number];
  /** Keras name of the activation inside the layer; `linear` when there is none. */
  readonly activation: string;
  readonly inputShape: Shape3;
  readonly outputShape: Shape3;
  /** Trainable and other weights of the layer. */
  readonly params: number;
  /** Multiply-accumulates of the layer for one sample. */
  readonly macs: number;
  /** Position among the network's layers, in topological order. */
  readonly depth: number;
  /** Multiply-accumulates of everything that must run to produce this layer's output, itself included, for one sample. */
  readonly prefixMacs: number;
}

/** Cost of training a block for one epoch, in the unit of `Plan.costUnit`. A bin pays the deepest `prefix` once a pass when passes are fused, else each. */
export interface BlockCost {
  /** Data and teacher forward up to the layer's output. */
  readonly prefix: number;
  /** Forward, backward and update of the replacement. */
  readonly own: number;
}

/** A layer that will be replaced: one independent task of the paper's Algorithm 1. */
export interface BlockPlan {
  /** Name of the layer; blocks are named by the layer they replace. */
  readonly name: string;
  readonly architecture: Architecture;
  readonly layer: LayerInfo;
  /** Weights of the replacement. */
  readonly params: number;
  /** Multiply-accumulates of the replacement for one sample. */
  readonly macs: number;
  readonly cost: BlockCost;
}

/** A convolution that stays, and why. */
export interface KeptLayer {
  readonly layer: LayerInfo;
  readonly reason: string;
}

/** Why files of a data folder are not read. */
export type LeftOutKind =
  /** Pictures of a format that the decoder does not know, by ending. */
  | 'Format'
  /** Files whose contents would have to be unpacked first, by ending. */
  | 'Archive'
  /** Files that are no pictures, by ending. */
  | 'OtherFile'
  /** A folder of an image folder that is none of the splits that are read. */
  | 'NoSplit'
  /** A folder where only files are read. */
  | 'Folder'
  /** Pictures that lie beside the folders that are read. */
  | 'Beside'
  /** Hidden files and folders and those that systems leave behind, such as `Thumbs.db`. */
  | 'Hidden'
  /** Links that lead back to a folder they lie in. */
  | 'LinkLoop'
  /** Sockets, pipes, devices. */
  | 'Special'
  /** Folders that may not be opened. */
  | 'Unopened';

/** Files of a data folder that are not read, for one reason. */
export interface LeftOut {
  readonly kind: LeftOutKind;
  /** Ending in lower case with its dot, empty for none; or the folder's name. */
  readonly what?: string;
  /** Files; of `NoSplit` and `Folder` those in it. */
  readonly count: number;
  /** The first few paths, relative to the data folder. */
  readonly examples: readonly string[];
}

/** An image file that is counted under `spec.dataset.maxUnreadable`, and why. */
export interface UnreadableFile {
  readonly name: string;
  /** A phrase that goes after the name, without a full stop. */
  readonly reason: string;
}

/** Sizes and hash of the data as the job sees it (after limits), and what of its folder is not read. */
export interface DatasetSummary {
  /** SHA-256 over the names and contents of all that is read; of an earlier version's plan see `hashOf`. */
  readonly sha256: string;
  /** Absent in plans of earlier versions, whose hash is of the names and sizes and of the first and last 4 KiB of each file. */
  readonly hashOf?: 'Contents';
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly classes: number;
  readonly imageShape: Shape3;
  readonly labelled: boolean;
  /** Of image folders: where each split is read from. Without one for validation it is held out of `train`. */
  readonly folders?: { readonly train: string; readonly validation?: string; readonly test?: string };
  /** Images read from sub-folders of their class. */
  readonly nested?: number;
  /** What of the data folder is not read, by kind; absent when all is. */
  readonly leftOut?: readonly LeftOut[];
  /** Images found unreadable by the planner, which does not decode them. */
  readonly unreadable?: readonly UnreadableFile[];
}

export interface TeacherSummary {
  readonly sha256: string;
  readonly format: string;
  readonly outputs: 'Logits' | 'Probabilities';
  readonly inputShape: Shape3;
  readonly classes: number;
  readonly params: number;
  readonly macs: number;
  /** Accuracy on the validation split; absent without labels. */
  readonly validationAccuracy?: number;
}

/** Which arithmetic made a result. Weights are comparable bit for bit only between equal signatures. */
export interface BackendSignature {
  readonly name: string;
  readonly tensorflow: string;
  readonly cpuThreads: number;
}

export interface Plan {
  readonly version: 1;
  /** SHA-256 of everything that decides the result: the spec without scheduling and cluster, the teacher's and the data's hash. */
  readonly recipe: string;
  /** `planKey` of the manifest it was made from. */
  readonly key: string;
  readonly teacher: TeacherSummary;
  readonly dataset: DatasetSummary;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  readonly costUnit: 'MAC' | 'Second';
  readonly costSource: SchedulingSpec['costSource'];
  /** In the order of the network. */
  readonly blocks: readonly BlockPlan[];
  readonly kept: readonly KeptLayer[];
  /** Sentences on the patterns of `spec.blocks` that have no effect; absent when all have one. */
  readonly unmatched?: readonly string[];
  readonly backend: BackendSignature;
}

/** Blocks of one worker, the first to be trained first. */
export interface Bin {
  readonly index: number;
  readonly blocks: readonly string[];
  /** Planned cost of all epochs, in the plan's unit. */
  readonly cost: number;
}

/** Output of a scheduler: `schedule.json`, on a cluster a ConfigMap. */
export interface BinSchedule {
  readonly version: 1;
  readonly policy: SchedulingSpec['policy'];
  readonly passes: SchedulingSpec['passes'];
  readonly bins: readonly Bin[];
  /** Largest bin cost. */
  readonly makespan: number;
  /** What no schedule of these blocks on so many bins can beat. */
  readonly lowerBound: number;
}
