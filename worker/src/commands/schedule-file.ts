import { readFile } from 'node:fs/promises';
import { canonicalJson } from '@distillation/api/canonical';
import { DistillError } from '@distillation/api/errors';
import type { BinSchedule } from '@distillation/api/plan';
import type { Ledger } from '../volume/ledger.ts';

/**
 * Puts the schedule that the pod was given (on a cluster by a ConfigMap) on the volume, where thieves and reports look for it.
 * @throws DISTILL_E_USAGE when the file is no schedule.
 */
export async function adoptSchedule(ledger: Ledger, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const schedule = await readSchedule(path);
  const standing = await ledger.readSchedule();
  if (standing === undefined || canonicalJson(standing) !== canonicalJson(schedule))
    await ledger.writeSchedule(schedule);
}

async function readSchedule(path: string): Promise<BinSchedule> {
  const unfit = (why: string, cause?: unknown): DistillError =>
    new DistillError('DISTILL_E_USAGE', `--schedule ${path} ${why}.`, { subject: path, cause });
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw unfit(`cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  if (!isSchedule(value))
    throw unfit('holds no schedule: it needs version 1, policy, passes and bins with their blocks');
  return value;
}

function isSchedule(value: unknown): value is BinSchedule {
  if (typeof value !== 'object' || value === null) return false;
  const { version, policy, passes, bins } = value as Partial<Record<keyof BinSchedule, unknown>>;
  const isBin = (bin: unknown): boolean =>
    typeof bin === 'object' &&
    bin !== null &&
    'index' in bin &&
    Number.isInteger(bin.index) &&
    'blocks' in bin &&
    Array.isArray(bin.blocks) &&
    bin.blocks.every((block) => typeof block === 'string');
  return (
    version === 1 &&
    typeof policy === 'string' &&
    typeof passes === 'string' &&
    Array.isArray(bins) &&
    bins.every(isBin)
  );
}
