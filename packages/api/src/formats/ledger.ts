import type { DistillationJob } from '../job.ts';
import { API_VERSION, BLOCK_OUTCOMES, FINALIZER_STAGES, WORKER_STATES } from '../words.ts';
import { backendSignature } from './plan.ts';
import { readerOf } from './reading.ts';
import {
  among,
  amount,
  count,
  flag,
  listOf,
  MANY,
  mapOf,
  number,
  object,
  type Of,
  optional,
  orNull,
  type Shape,
  text,
  word,
} from './shape.ts';

/**
 * Formats of the working files on the volume (docs/adr/0003-volume-ledger.md). Each JSON file is an envelope
 * `{ sha256, body }` with the hash of the body's canonical JSON; each data file is named, with its SHA-256, by a record.
 */

/** Longest message of an error on the volume, in characters. */
const MESSAGE = 1 << 20;

/** A data file as named by a record, relative to the job's folder. */
export type DataFile = Of<typeof dataFile>;
export const dataFile = object({ file: word, sha256: word, bytes: count });

/** Losses and held-out measures of one block after one epoch. */
const metricsOf = <T>(figure: Shape<T>) =>
  object({
    /** Mean training loss over the epoch's steps, in the unit of training (plain or normalised). */
    loss: figure,
    /** Mean squared error on the held-out probe samples. */
    probeLoss: figure,
    /** The same for a predictor that outputs each channel's mean: a block that is no better has learnt nothing. */
    probeBaseline: figure,
    /** Variance of the block's output on the probe; 0 for a constant output. */
    probeOutputVariance: figure,
  });
/** As stored: values that are not finite, which the record of a failed epoch may hold, are null, since JSON cannot represent them. */
const storedMetrics = metricsOf(orNull(number));

/** As measured: values that are not finite are NaN. */
export type EpochMetrics = Of<ReturnType<typeof metricsOf<number>>>;

/** Who trained the epoch and how long it took; never part of a result. */
export type EpochTiming = Of<ReturnType<typeof object<typeof timing>>>;
export const timing = {
  bin: count,
  /** Milliseconds since the UNIX epoch, by the worker's clock. */
  startedAt: number,
  finishedAt: number,
  /** Seconds of this block's own steps within the pass, and its share of the prefix. */
  ownSeconds: amount,
  prefixSeconds: amount,
  /** Number of blocks trained in the same pass. */
  passBlocks: count,
  /** This block's share of the energy that the worker's GPUs used for the pass; absent where it is not measured. */
  gpuJoules: optional(amount),
} as const;

/** Code of the error catalogue, and what was observed. */
export const failure = object({ code: word, message: text(MESSAGE) });

/** Versions of an epoch's record and its data that can be read; the last is the one written. */
const RECORD_VERSIONS = [1, 2] as const;

/** One finished (block, epoch), the unit of work. Deterministic except for `timing`. */
export type EpochRecord = Omit<StoredRecord, 'metrics'> & { readonly metrics: EpochMetrics };

/** The same as it is stored: `blocks/<block>/attempt-A-epoch-N.json`. */
export type StoredRecord = Of<typeof storedRecord>;
const storedRecord = object({
  /** Absent in records of version 1, whose data name a batch normalisation's weights after the preceding layer. */
  version: optional(among(...RECORD_VERSIONS)),
  block: word,
  /** Number of finished epochs, 1-based. */
  epoch: count,
  /** 0, or 1 after the one restart with another seed and a lower learning rate. */
  attempt: count,
  metrics: storedMetrics,
  /** Present when the block needs no further training. */
  outcome: optional(among(...BLOCK_OUTCOMES)),
  /** Present with the outcome `Failed`. */
  failure: optional(failure),
  /** Present with a failed outcome when the block will be trained once more, as the next attempt. */
  restart: optional(flag),
  /** Checkpoint after this epoch; absent when it produced nothing worth keeping. */
  checkpoint: optional(dataFile),
  backend: backendSignature,
  timing: object(timing),
});

export const readStoredRecord = readerOf(storedRecord, { versions: RECORD_VERSIONS });

/** Initial weights of a block that were computed from the teacher's activations: `blocks/<block>/start.json`. */
export const readStartRecord = readerOf(object({ block: word, weights: dataFile }));

/** Limits of what is accepted: on the volume room for any possible layer name, from a pod as much as a status can show. */
interface Bounds {
  readonly name: number;
  readonly list: number;
  readonly message: number;
}
const ON_VOLUME: Bounds = { name: 4096, list: MANY, message: MESSAGE };
export const ON_WIRE: Bounds = { name: 256, list: 1024, message: 2048 };

/** A worker's progress, written once a second: `progress/bin-N.json`. */
export type WorkerProgress = Of<ReturnType<typeof workerProgress>>;
export const workerProgress = ({ name, list, message }: Bounds) =>
  object({
    bin: count,
    pid: count,
    state: among(...WORKER_STATES),
    blocks: listOf(text(name), list),
    /** Current epoch, 1-based. */
    epoch: count,
    step: count,
    steps: count,
    /** Running mean loss of each block in the pass. */
    losses: mapOf(number),
    imagesPerSecond: amount,
    updatedAt: amount,
    error: optional(text(message)),
  });

export const readWorkerProgress = readerOf(workerProgress(ON_VOLUME));

/** The finalizer's progress, written once a second: `progress/finalizer.json`. */
export type FinalizerProgress = Of<typeof finalizerProgress>;
export const finalizerProgress = object({
  stage: among(...FINALIZER_STAGES),
  /** Current epoch while fine-tuning, 1-based, of `epochs`. */
  epoch: optional(count),
  epochs: count,
  /** Finished batches of the stage, and their total number; while fine-tuning, training steps of the epoch. */
  step: optional(count),
  steps: optional(count),
  /** From the beginning of the stage, or of the epoch, to that step. */
  seconds: optional(amount),
  /** Mean over the recorded epochs of fine-tuning, validation included. */
  epochSeconds: optional(amount),
  loss: optional(number),
  updatedAt: amount,
});

export const readFinalizerProgress = readerOf(finalizerProgress);

const isJob = object({
  metadata: object({ name: word }),
  spec: object({ teacher: object({}), dataset: object({}), blocks: object({}), training: object({}) }),
});

/**
 * `job.json`: a manifest that was validated before it was written; only its version and what identifies the owner of the folder are
 * checked.
 */
export const readJobBody = readerOf((body): body is DistillationJob => isJob(body), {
  versions: [API_VERSION],
  field: 'apiVersion',
});

/** `recipe.json`: a fingerprint. */
export const readRecipe = readerOf(word);
