import { join } from 'node:path';
import { readRecordedCosts, recordCosts, type RecordedCosts } from '@distillation/core/recorded-costs';
import { recordedCosts } from '@distillation/api/layout';
import type { EpochRecord } from '@distillation/api/ledger';
import type { Plan } from '@distillation/api/plan';
import { otherVersion } from '@distillation/api/reading';
import { type Log, readJson, writeJson } from '../files/envelope.ts';
import type { FileLayer } from '../files/file-layer.ts';

/** The file of block times of one teacher, which outlives the jobs of a volume and gives the planner of the next job its costs. */
export interface CostFileOptions {
  readonly files: FileLayer;
  /** Root of the volume. */
  readonly volume: string;
  readonly teacherSha256: string;
  readonly log: Log;
}

/** The times of earlier jobs; undefined when there are none, or when the file is damaged or of another version. */
export async function readCosts(options: CostFileOptions): Promise<RecordedCosts | undefined> {
  const { files, log } = options;
  const body = await readJson(files, pathOf(options), log);
  const found = body === undefined ? undefined : readRecordedCosts(body);
  if (found?.as === 'Damaged') log(`${pathOf(options)} holds no block times, and is not used.`);
  if (found?.as === 'OtherVersion') log(`${pathOf(options)} ${otherVersion(found)}: it is not used.`);
  return found?.as === 'Value' ? found.value : undefined;
}

/** Adds the times of a job. When two jobs end at the same moment, the times of one may be lost; only later estimates suffer. */
export async function addCosts(
  options: CostFileOptions,
  history: { readonly job: string; readonly plan: Plan; readonly records: readonly EpochRecord[] },
): Promise<void> {
  const old = await readCosts(options);
  const updated = recordCosts(old, history);
  if (updated === old || updated.jobs.length === 0) return;
  await writeJson(options.files, pathOf(options), { body: updated, writer: 'finalizer' });
}

const pathOf = ({ volume, teacherSha256 }: CostFileOptions): string => join(volume, recordedCosts(teacherSha256));
