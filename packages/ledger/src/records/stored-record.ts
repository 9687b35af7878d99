import { type EpochMetrics, type EpochRecord, RECORD_VERSIONS } from '@distillation/api/ledger';
import type { Reading } from '@distillation/api/volume-formats';
import { readStoredRecord, type StoredMetrics, type StoredRecord } from '@distillation/api/working-formats';
import { type NamedArray, OPTIMIZER } from './tensors.ts';

function mapValues<A, B>(object: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}

/** The record as it is written. */
export function toStored(record: EpochRecord): StoredRecord {
  const metrics = mapValues({ ...record.metrics }, (value) => (Number.isFinite(value) ? value : null));
  return { ...record, metrics: metrics as StoredMetrics };
}

/** Which epoch a record's file is of. */
export type EpochId = Pick<EpochRecord, 'block' | 'attempt' | 'epoch'>;

/** What is written. */
export const RECORD_VERSION = 2;

/** A reader of a record's file: of this epoch and no other; what was not finite is NaN. */
export function recordReader({ block, attempt, epoch }: EpochId): (body: unknown) => Reading<EpochRecord> {
  return (body) => {
    const version = versionOf(body);
    if (version !== undefined && !RECORD_VERSIONS.some((known) => known === version))
      return { as: 'OtherVersion', version, readable: RECORD_VERSIONS };
    const found = readStoredRecord(body);
    if (found.as !== 'Value') return found;
    const stored = found.value;
    if (stored.block !== block || stored.attempt !== attempt || stored.epoch !== epoch) return { as: 'Damaged' };
    const metrics = mapValues({ ...stored.metrics }, (value) => value ?? Number.NaN);
    return { as: 'Value', value: { ...stored, metrics: metrics as unknown as EpochMetrics } };
  };
}

function versionOf(body: unknown): number | undefined {
  const { version } = (body ?? {}) as { readonly version?: unknown };
  return typeof version === 'number' ? version : undefined;
}

/**
 * The arrays of a record's checkpoint by the names of today. Version 1 had a block's batch normalisations under the names of the layers
 * before them (`sep1/gamma`), and the optimizer's state under `optimizer/`.
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
