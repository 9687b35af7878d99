import type { EpochMetrics, EpochRecord } from '@distillation/api/ledger';

/** JSON has no NaN and no infinity, and the record of a failed epoch may be full of them: on the volume they are null. */
type StoredMetrics = { readonly [name in keyof EpochMetrics]: number | null };
type StoredRecord = Omit<EpochRecord, 'metrics'> & { readonly metrics: StoredMetrics };

function mapValues<A, B>(object: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}

/** The record as it is written. */
export function toStored(record: EpochRecord): StoredRecord {
  const metrics = mapValues({ ...record.metrics }, (value) => (Number.isFinite(value) ? value : null));
  return { ...record, metrics: metrics as StoredMetrics };
}

/** A body read from a record's file; what was not finite is NaN. */
export function fromStored(body: unknown): EpochRecord | undefined {
  if (body === undefined) return undefined;
  const stored = body as StoredRecord;
  const metrics = mapValues({ ...stored.metrics }, (value) => value ?? Number.NaN);
  return { ...stored, metrics: metrics as unknown as EpochMetrics };
}
