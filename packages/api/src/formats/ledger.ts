import type { BackendSignature } from './plan.ts';

/**
 * Formats of the working files on the volume (docs/adr/0003-volume-ledger.md). Each JSON file is an envelope
 * `{ sha256, body }` whose hash is of the canonical JSON of the body; each data file is named by a record with its SHA-256.
 */

/** Losses and held-out measures of one block after one epoch. */
export interface EpochMetrics {
  /** Mean training loss over the epoch's steps, as trained on (plain or normalised). */
  readonly loss: number;
  /** Mean squared error on the held-out probe samples. */
  readonly probeLoss: number;
  /** The same for a predictor that gives each channel's mean: a block no better than this has learnt nothing. */
  readonly probeBaseline: number;
  /** Variance of the block's output on the probe; 0 is a constant output. */
  readonly probeOutputVariance: number;
}

/** Why a block stopped. */
export type BlockOutcome = 'Trained' | 'StoppedEarly' | 'Failed';

/** Versions of an epoch's record and its data that are read; the last is written. */
export const RECORD_VERSIONS = [1, 2] as const;

/** One finished (block, epoch), the unit of work. Deterministic but for `timing`. */
export interface EpochRecord {
  /** Absent in records of version 1, whose data name a batch normalisation's weights by the layer before it. */
  readonly version?: (typeof RECORD_VERSIONS)[number];
  readonly block: string;
  /** Epochs finished, 1-based. */
  readonly epoch: number;
  /** 0, or 1 after the one restart with another seed and a lower learning rate. */
  readonly attempt: number;
  readonly metrics: EpochMetrics;
  /** Present when the block needs no more training. */
  readonly outcome?: BlockOutcome;
  /** With `Failed`: code of the error catalogue and what was seen. */
  readonly failure?: { readonly code: string; readonly message: string };
  /** With an outcome that failed and will be tried again: the next attempt. */
  readonly restart?: boolean;
  /** Checkpoint after this epoch; absent when nothing worth keeping came of it. */
  readonly checkpoint?: { readonly file: string; readonly sha256: string; readonly bytes: number };
  readonly backend: BackendSignature;
  readonly timing: EpochTiming;
}

/** Who did it and how long it took; never part of a result. */
export interface EpochTiming {
  readonly bin: number;
  /** Milliseconds since the epoch of UNIX time, by the worker's clock. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Seconds of this block's own step within the pass, and its share of the prefix. */
  readonly ownSeconds: number;
  readonly prefixSeconds: number;
  /** Blocks trained in the same pass. */
  readonly passBlocks: number;
  /** This block's share of the energy that the worker's GPUs took for the pass; absent where it is not measured. */
  readonly gpuJoules?: number;
}

export const WORKER_STATES = ['Starting', 'Training', 'Stealing', 'Done', 'Failed'] as const;

/** What a worker says of itself, once a second: `progress/bin-N.json`. */
export interface WorkerProgress {
  readonly bin: number;
  readonly pid: number;
  readonly state: (typeof WORKER_STATES)[number];
  readonly blocks: readonly string[];
  /** Epoch in progress, 1-based, of `epochs`. */
  readonly epoch: number;
  readonly step: number;
  readonly steps: number;
  /** Running mean loss of each block in the pass. */
  readonly losses: Readonly<Record<string, number>>;
  readonly imagesPerSecond: number;
  readonly updatedAt: number;
  readonly error?: string;
}

export const FINALIZER_STAGES = ['Measure', 'FineTune', 'Evaluate', 'Export'] as const;

/** What the finalizer says of itself, once a second: `progress/finalizer.json`. */
export interface FinalizerProgress {
  readonly stage: (typeof FINALIZER_STAGES)[number];
  /** While fine-tuning, 1-based, of `epochs`. */
  readonly epoch?: number;
  readonly epochs: number;
  /** Batches done, of so many: of the stage; while fine-tuning, training steps of the epoch. */
  readonly step?: number;
  readonly steps?: number;
  /** From the beginning of the stage, or of the epoch, to that step. */
  readonly seconds?: number;
  /** Mean over the epochs of fine-tuning on record, each with its validation. */
  readonly epochSeconds?: number;
  readonly loss?: number;
  readonly updatedAt: number;
}

/** Result of measuring one block alone inside the teacher. */
export interface BlockMeasurement {
  readonly block: string;
  readonly accuracy: number;
  readonly selected: boolean;
  readonly reason: string;
}
