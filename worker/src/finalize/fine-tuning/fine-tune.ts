import { internalError } from '@distillation/api/errors';
import type { FineTuningSpec } from '@distillation/api/job';
import { readDecimal } from '@distillation/api/decimal';
import { plural } from '@distillation/api/format';
import type { LayersModel } from '@tensorflow/tfjs';
import type { Tf } from '../../backend/tf.ts';
import { learningRate } from '../../training/step/schedule.ts';
import type { NamedArray } from '@distillation/ledger/tensors';
import type { OpenBatches, TrainingBatch } from '../measuring/batches.ts';
import { evaluate } from '../measuring/evaluate.ts';
import { bestEpoch, divergence, type FineTuneRecord, meanSeconds } from './fine-tune-progress.ts';
import type { KnownLogits } from './known-logits.ts';
import { openSession, type Session, type SessionOptions } from './fine-tune-session.ts';
import type { Score } from '../select.ts';

/** Store of the epochs of fine-tuning. Calls are atomic: a record is there as a whole or not at all. */
export interface FineTuneStore {
  record(epoch: number): Promise<FineTuneRecord | undefined>;
  /** Contents of a record's checkpoint; undefined when it is missing or damaged. */
  load(record: FineTuneRecord): Promise<readonly NamedArray[] | undefined>;
  /** Stores an epoch, its checkpoint first; returns the record as it will be read. */
  save(record: FineTuneRecord, checkpoint?: readonly NamedArray[]): Promise<FineTuneRecord>;
  /** Removes the checkpoint of an epoch that will not be needed again; its record stays. */
  forget(epoch: number): Promise<void>;
}

export interface FineTuneOptions extends SessionOptions {
  readonly spec: FineTuningSpec;
  readonly seed: number;
  readonly stepsPerEpoch: number;
  /** Shuffled, augmented training batches of an epoch (1-based), the same at each call. */
  readonly train: (epoch: number) => AsyncIterable<TrainingBatch>;
  /** Asks the teacher about all training images beforehand, where that is worth it. Called if an epoch is to be trained. */
  readonly askTeacher?: () => Promise<KnownLogits>;
  /** Absent without labels, like the score; the last epoch is then kept. */
  readonly validation?: OpenBatches;
  /** Validation score of the student as assembled. */
  readonly assembled?: Score;
  /** The network that is scored, where that is not the one that is trained; `update` writes into it what has been learnt. */
  readonly scored?: { readonly model: LayersModel; readonly update: () => void };
  readonly store: FineTuneStore;
  readonly onStep?: (at: FineTuneStep) => void;
  readonly onEpoch?: (record: FineTuneRecord) => void;
}

/** Progress within an epoch. */
export interface FineTuneStep {
  readonly epoch: number;
  readonly step: number;
  readonly steps: number;
  /** Since the epoch began. */
  readonly seconds: number;
  /** Mean seconds of the finished epochs. */
  readonly epochSeconds?: number;
  /** Mean loss of the steps so far; absent before the first. */
  readonly loss?: number;
}

export interface FineTuneResult {
  readonly epochs: readonly FineTuneRecord[];
  /** 0 when no epoch was better than the student as assembled. */
  readonly keptEpoch: number;
  /** Seconds of the epochs trained in an earlier run. */
  readonly resumedSeconds: number;
  /** Why training was stopped, if it diverged; the student is then the best of the earlier epochs. */
  readonly diverged?: string;
}

/** Steps between two readings of the loss, since each reading waits for the device. */
const LOOK = 16;

/**
 * Trains the whole student in place and leaves it with the weights of the epoch that `bestEpoch` keeps. Every epoch
 * goes to the store; called again after a crash, with the student as assembled, it resumes after the last stored epoch and ends
 * with the same bits.
 */
export async function fineTune(tf: Tf, options: FineTuneOptions): Promise<FineTuneResult> {
  const { store, assembled, spec } = options;
  const session = openSession(tf, options);
  try {
    const initial = session.checkpoint();
    const records = await resume(session, options);
    const resumedSeconds = records.reduce((sum, { seconds }) => sum + seconds, 0);
    const isOver = (): boolean => records.length >= spec.epochs || records.at(-1)?.diverged !== undefined;
    const known = isOver() ? undefined : await options.askTeacher?.();
    while (!isOver()) {
      const before = bestEpoch(assembled, records);
      const epoch = await runEpoch(tf, session, { ...options, records, ...(known && { known }) });
      const record = await store.save(epoch, epoch.diverged === undefined ? session.checkpoint() : undefined);
      records.push(record);
      options.onEpoch?.(record);
      await forgetOthers(store, {
        candidates: [before, record.epoch - 1],
        records,
        best: bestEpoch(assembled, records),
      });
    }
    const keptEpoch = bestEpoch(assembled, records);
    const kept = records[keptEpoch - 1];
    const held = kept === undefined ? initial : await store.load(kept);
    if (held === undefined) throw internalError(`The checkpoint of fine-tuning epoch ${keptEpoch} is gone.`);
    session.restore(held);
    const diverged = records.at(-1)?.diverged;
    return { epochs: records, keptEpoch, resumedSeconds, ...(diverged !== undefined && { diverged }) };
  } finally {
    session.close();
  }
}

/**
 * Resumes from the latest stored epoch whose own checkpoint, and that of the best epoch up to it, can be read. Later records are
 * dropped, and their epochs trained again.
 */
async function resume(session: Session, { store, assembled, spec }: FineTuneOptions): Promise<FineTuneRecord[]> {
  const records: FineTuneRecord[] = [];
  for (let epoch = 1; epoch <= spec.epochs; epoch++) {
    const record = await store.record(epoch);
    if (record === undefined) break;
    records.push(record);
  }
  for (; records.length > 0; records.pop()) {
    const best = records[bestEpoch(assembled, records) - 1];
    if (best !== undefined && (await store.load(best)) === undefined) continue;
    const last = records.at(-1);
    if (last?.diverged !== undefined) break;
    const held = last === undefined ? undefined : await store.load(last);
    if (held === undefined) continue;
    session.restore(held);
    break;
  }
  return records;
}

interface EpochOptions extends FineTuneOptions {
  readonly records: readonly FineTuneRecord[];
  readonly known?: KnownLogits;
}

/** Trains one epoch and scores it. */
async function runEpoch(tf: Tf, session: Session, options: EpochOptions): Promise<FineTuneRecord> {
  const { records, spec, seed, stepsPerEpoch, assembled } = options;
  const epoch = records.length + 1;
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const peak = readDecimal(spec.optimizer.learningRate);
  const totalSteps = spec.epochs * stepsPerEpoch;
  const tell = (step: number, loss?: number): void => {
    const at = { epoch, step, steps: stepsPerEpoch, seconds: seconds(), ...meanSeconds(records) };
    options.onStep?.({ ...at, ...(loss !== undefined && { loss }) });
  };
  let step = 0;
  tell(step);
  session.resetLoss();
  for await (const batch of options.train(epoch)) {
    const rate = learningRate(peak, spec.optimizer.schedule, { step: (epoch - 1) * stepsPerEpoch + step, totalSteps });
    session.step(batch, { seed, epoch, step, rate }, options.known);
    step += 1;
    if (step % LOOK !== 0) continue;
    const loss = session.peekLoss() / step;
    tell(step, loss);
    if (!Number.isFinite(loss)) break;
  }
  const loss = session.peekLoss() / step;
  tell(step, loss);
  if (!Number.isFinite(loss)) {
    return { epoch, diverged: `the loss became ${loss} within ${plural(step, 'step')}`, seconds: seconds() };
  }
  if (options.validation === undefined || assembled === undefined) return { epoch, loss, seconds: seconds() };
  options.scored?.update();
  const network = options.scored?.model ?? options.student;
  const [validation = { correct: 0, total: 0 }] = await evaluate(tf, [network], options.validation());
  const best = records[bestEpoch(assembled, records) - 1]?.validation ?? assembled;
  const diverged = divergence(validation, best, options.classes);
  return { epoch, loss, validation, ...(diverged !== undefined && { diverged }), seconds: seconds() };
}

interface ForgetOptions {
  readonly candidates: readonly number[];
  readonly records: readonly FineTuneRecord[];
  readonly best: number;
}

/** Removes checkpoints that are neither the best nor the latest; each is about three times as large as the student. */
async function forgetOthers(store: FineTuneStore, { candidates, records, best }: ForgetOptions): Promise<void> {
  for (const epoch of new Set(candidates)) {
    const latest = records.findLast(({ checkpoint }) => checkpoint !== undefined)?.epoch;
    if (epoch > 0 && epoch !== best && epoch !== latest) await store.forget(epoch);
  }
}
