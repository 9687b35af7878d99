import { type EpochMetrics, type EpochRecord, readStoredRecord, type StoredRecord } from '@distillation/api/ledger';
import type { Reader } from '@distillation/api/reading';
import { type NamedArray, OPTIMIZER } from '../files/tensors.ts';

type Metrics<T> = { readonly [name in keyof EpochMetrics]: T };

function mapMetrics<A, B>(metrics: Metrics<A>, map: (value: A) => B): Metrics<B> {
  const { loss, probeLoss, probeBaseline, probeOutputVariance } = metrics;
  return {
    loss: map(loss),
    probeLoss: map(probeLoss),
    probeBaseline: map(probeBaseline),
    probeOutputVariance: map(probeOutputVariance),
  };
}

/** The record in the form in which it is stored. */
export function toStored(record: EpochRecord): StoredRecord {
  return { ...record, metrics: mapMetrics(record.metrics, (value) => (Number.isFinite(value) ? value : null)) };
}

/** Identifies the epoch of a record's file. */
type EpochId = Pick<EpochRecord, 'block' | 'attempt' | 'epoch'>;

/** The version that is written. */
export const RECORD_VERSION = 2;

/** A reader for the record of exactly this epoch; values that were not finite are read as NaN. */
export function recordReader({ block, attempt, epoch }: EpochId): Reader<EpochRecord> {
  return (body) => {
    const found = readStoredRecord(body);
    if (found.as !== 'Value') return found;
    const stored = found.value;
    if (stored.block !== block || stored.attempt !== attempt || stored.epoch !== epoch) return { as: 'Damaged' };
    return { as: 'Value', value: { ...stored, metrics: mapMetrics(stored.metrics, (value) => value ?? Number.NaN) } };
  };
}

/**
 * The arrays of a record's checkpoint under today's names. Version 1 named a block's batch normalisations after the preceding
 * layers (`sep1/gamma`), and put the optimizer's state under `optimizer/`.
 */
export function currentNames({ version = 1 }: EpochRecord, tensors: readonly NamedArray[]): readonly NamedArray[] {
  return version === 1 ? tensors.map((array) => ({ ...array, name: currentName(array.name) })) : tensors;
}

const EARLIER_OPTIMIZER = 'optimizer/';
const NORMALIZATION = /^([^/]+)(?=\/(?:gamma|beta|moving_mean|moving_variance)(?:\/|$))/;

function currentName(name: string): string {
  if (name.startsWith(EARLIER_OPTIMIZER)) return OPTIMIZER + currentName(name.slice(EARLIER_OPTIMIZER.length));
  return name.replace(NORMALIZATION, '$1_bn');
}
