import type { DistillationJob } from '../job.ts';
import {
  type EpochMetrics,
  type EpochRecord,
  FINALIZER_STAGES,
  type FinalizerProgress,
  RECORD_VERSIONS,
  WORKER_STATES,
  type WorkerProgress,
} from './ledger.ts';
import { type Check, amount, among, count, flag, listOf, object, optional, text, word } from './shape.ts';
import type { Reading } from './volume-formats.ts';

/**
 * What may be believed of the working files on the volume before it is used: records of epochs and what processes say of themselves.
 * They know their hashes, and may be those of something else all the same.
 */

const MANY = 100_000;

/** A reader of a format of one version, by a check of all that is used of it. */
export function readerOf<T>(check: Check): (body: unknown) => Reading<T> {
  const is = (body: unknown): body is T => check(body);
  return (body) => (is(body) ? { as: 'Value', value: body } : { as: 'Damaged' });
}

/** The value of a reading; undefined for anything else: for what is written every second and looked at in passing. */
export function valueOf<T>(reading: Reading<T>): T | undefined {
  return reading.as === 'Value' ? reading.value : undefined;
}

/** A data file as a record names it. */
export const isDataFile: Check = object({ file: word, sha256: word, bytes: count });

export const isBackend: Check = object({ name: word, tensorflow: word, cpuThreads: count });

/** JSON has no NaN and no infinity, and the record of a failed epoch may be full of them: on the volume they are null. */
export type StoredMetrics = { readonly [name in keyof EpochMetrics]: number | null };
export type StoredRecord = Omit<EpochRecord, 'metrics'> & { readonly metrics: StoredMetrics };

const number: Check = (value) => value === null || (typeof value === 'number' && Number.isFinite(value));
const time: Check = (value) => typeof value === 'number' && Number.isFinite(value);

/** `blocks/<block>/attempt-A-epoch-N.json`. */
export const readStoredRecord = readerOf<StoredRecord>(
  object({
    version: optional(among(...RECORD_VERSIONS)),
    block: word,
    epoch: count,
    attempt: count,
    metrics: object({ loss: number, probeLoss: number, probeBaseline: number, probeOutputVariance: number }),
    outcome: optional(among('Trained', 'StoppedEarly', 'Failed')),
    failure: optional(object({ code: word, message: text(1 << 20) })),
    restart: optional(flag),
    checkpoint: optional(isDataFile),
    backend: isBackend,
    timing: object({
      bin: count,
      startedAt: time,
      finishedAt: time,
      ownSeconds: amount,
      prefixSeconds: amount,
      passBlocks: count,
      gpuJoules: optional(amount),
    }),
  }),
);

const isLosses: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(number);

/** Where a worker is in its work, as every account of its progress has it. */
export const workerPlace = {
  bin: count,
  state: among(...WORKER_STATES),
  epoch: count,
  step: count,
  steps: count,
} as const;

/** Where the finalizer is in its work, as every account of its progress has it. */
export const finalizerPlace = {
  stage: among(...FINALIZER_STAGES),
  epoch: optional(count),
  epochs: count,
  step: optional(count),
  steps: optional(count),
  seconds: optional(amount),
  epochSeconds: optional(amount),
} as const;

/** `progress/bin-N.json`. */
export const readWorkerProgress = readerOf<WorkerProgress>(
  object({
    ...workerPlace,
    pid: count,
    blocks: listOf(word, MANY),
    losses: isLosses,
    imagesPerSecond: number,
    updatedAt: time,
    error: optional(text(1 << 20)),
  }),
);

/** `progress/finalizer.json`. */
export const readFinalizerProgress = readerOf<FinalizerProgress>(
  object({
    ...finalizerPlace,
    loss: optional(number),
    updatedAt: time,
  }),
);

/** `job.json`: a manifest that was checked before it was written; so much of it as tells whose folder it is. */
export const readJobBody = readerOf<DistillationJob>(
  object({
    metadata: object({ name: word }),
    spec: object({ teacher: object({}), dataset: object({}), blocks: object({}), training: object({}) }),
  }),
);

/** `recipe.json`: a fingerprint. */
export const readRecipe = readerOf<string>(word);
