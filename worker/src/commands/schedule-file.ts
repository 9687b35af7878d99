import { otherVersion } from '@distillation/api/reading';
import { readFile } from 'node:fs/promises';
import { canonicalJson } from '@distillation/api/canonical';
import { DistillError } from '@distillation/api/errors';
import { type BinSchedule, readScheduleBody } from '@distillation/api/plan';
import type { Ledger } from '@distillation/ledger/ledger';

/**
 * Copies the schedule that the pod was given (on a cluster, by a ConfigMap) to the volume, where thieves and reports read it.
 * @throws DISTILL_E_USAGE when the file is not a schedule.
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
  const found = readScheduleBody(value);
  if (found.as === 'Value') return found.value;
  throw unfit(
    found.as === 'OtherVersion'
      ? otherVersion(found)
      : 'holds no schedule: it needs version 1, policy, passes, bins with their blocks and costs, makespan and lowerBound',
  );
}
