import type { EpochRecord } from '@distillation/api/ledger';
import { type BackendSignature, backendSignature, type BlockPlan, type Plan } from '@distillation/api/plan';
import { readerOf } from '@distillation/api/reading';
import { median } from '@distillation/api/median';
import { among, amount, listOf, object, type Of, word } from '@distillation/api/shape';
import type { Costs } from './costs.ts';

/**
 * What blocks took in earlier jobs with a teacher: the paper's "prior knowledge" (section 3.3), one file a teacher on the volume
 * (`recordedCosts` of packages/api/src/formats/layout.ts). Times are kept for one sample, so that jobs with another batch size, number of epochs or
 * size of the data can use them.
 */

/** Older jobs are dropped; the median of so many is steady. */
const JOBS_KEPT = 9;

/** The digest of one job. */
export type RecordedJob = Of<typeof recordedJob>;
const recordedJob = object({
  /** Tells jobs apart: recording one again replaces it. */
  job: word,
  backend: backendSignature,
  /** Seconds of data and teacher forward for one sample and one multiply-accumulate of prefix. */
  prefixSecondsPerMac: amount,
  blocks: listOf(
    object({
      name: word,
      architecture: word,
      /** Seconds of the block's own training step for one sample. */
      ownSeconds: amount,
    }),
  ),
});

export type RecordedCosts = Of<typeof recordedCosts>;
const recordedCosts = object({
  version: among(1),
  teacherSha256: word,
  /** The latest last. */
  jobs: listOf(recordedJob, 1000),
});

/** The body of the file. One of another version is passed over: it only saves guessing. */
export const readRecordedCosts = readerOf(recordedCosts);

export interface JobHistory {
  readonly job: string;
  readonly plan: Pick<Plan, 'blocks' | 'teacher' | 'dataset'>;
  /** Epoch records of all blocks, in any order. */
  readonly records: readonly EpochRecord[];
}

/**
 * The file with one job added. Without a whole pass in its records, or with another teacher than the file's, it stays as it is.
 *
 * A block's own time is the median of its epochs. The prefix is shared: the blocks of one pass (same bin, same start) hold equal
 * shares of what the deepest of them needed, so each whole pass gives one value a multiply-accumulate; the median counts.
 */
export function recordCosts(old: RecordedCosts | undefined, history: JobHistory): RecordedCosts {
  const { plan, records } = history;
  const { teacher, dataset } = plan;
  const kept = old ?? { version: 1, teacherSha256: teacher.sha256, jobs: [] };
  const backend = records[0]?.backend;
  const rates = passesOf(records).flatMap((pass) => prefixRate(pass, plan));
  if (kept.teacherSha256 !== teacher.sha256 || backend === undefined || rates.length === 0) return kept;
  const blocks = plan.blocks.flatMap(({ name, architecture }) => {
    const times = records.filter((record) => record.block === name).map((record) => record.timing.ownSeconds);
    return times.length === 0 ? [] : [{ name, architecture, ownSeconds: median(times) / dataset.train }];
  });
  const job = { job: history.job, backend, prefixSecondsPerMac: median(rates), blocks };
  return { ...kept, jobs: [...kept.jobs.filter((other) => other.job !== job.job), job].slice(-JOBS_KEPT) };
}

/**
 * Cost of each block in seconds for one sample, as far as earlier jobs tell: the median of those that ran on the same kind of backend
 * with the same number of threads, and trained the same architecture for this layer.
 */
export function costsFromRecords(
  recorded: RecordedCosts | undefined,
  plan: {
    readonly blocks: readonly Pick<BlockPlan, 'name' | 'architecture' | 'layer'>[];
    readonly teacher: Pick<Plan['teacher'], 'sha256'>;
    readonly backend: BackendSignature;
  },
): Costs {
  if (recorded?.teacherSha256 !== plan.teacher.sha256) return new Map();
  const jobs = recorded.jobs.filter(
    ({ backend }) => backend.name === plan.backend.name && backend.cpuThreads === plan.backend.cpuThreads,
  );
  if (jobs.length === 0) return new Map();
  const rate = median(jobs.map((job) => job.prefixSecondsPerMac));
  return new Map(
    plan.blocks.flatMap(({ name, architecture, layer }) => {
      const times = jobs.flatMap((job) =>
        job.blocks.filter((block) => block.name === name && block.architecture === architecture),
      );
      if (times.length === 0) return [];
      return [[name, { prefix: rate * layer.prefixMacs, own: median(times.map((time) => time.ownSeconds)) }] as const];
    }),
  );
}

/** The whole passes. One of which a block was lost to another worker has shares that do not add up. */
function passesOf(records: readonly EpochRecord[]): (readonly EpochRecord[])[] {
  const passes = new Map<string, EpochRecord[]>();
  for (const record of records) {
    const key = `${record.timing.bin} ${record.timing.startedAt}`;
    passes.set(key, [...(passes.get(key) ?? []), record]);
  }
  return [...passes.values()].filter((pass) => pass.every(({ timing }) => timing.passBlocks === pass.length));
}

function prefixRate(pass: readonly EpochRecord[], plan: JobHistory['plan']): number[] {
  const names = new Set(pass.map((record) => record.block));
  const depths = plan.blocks.filter((block) => names.has(block.name)).map((block) => block.layer.prefixMacs);
  const deepest = Math.max(0, ...depths);
  const seconds = pass.reduce((sum, record) => sum + record.timing.prefixSeconds, 0);
  return deepest > 0 ? [seconds / deepest / plan.dataset.train] : [];
}
