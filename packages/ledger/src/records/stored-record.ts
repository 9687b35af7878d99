import type { EpochMetrics, EpochRecord } from '@distillation/api/ledger';
import type { Reading } from '@distillation/api/volume-formats';
import { readStoredRecord, type StoredMetrics, type StoredRecord } from '@distillation/api/working-formats';

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

/** A reader of a record's file: of this epoch and no other; what was not finite is NaN. */
export function recordReader({ block, attempt, epoch }: EpochId): (body: unknown) => Reading<EpochRecord> {
  return (body) => {
    const found = readStoredRecord(body);
    if (found.as !== 'Value') return found;
    const stored = found.value;
    if (stored.block !== block || stored.attempt !== attempt || stored.epoch !== epoch) return { as: 'Damaged' };
    const metrics = mapValues({ ...stored.metrics }, (value) => value ?? Number.NaN);
    return { as: 'Value', value: { ...stored, metrics: metrics as unknown as EpochMetrics } };
  };
}
