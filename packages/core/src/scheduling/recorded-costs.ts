import type { EpochRecord } from '@distillation/api/ledger';
import { type BackendSignature, backendSignature, type BlockPlan, type Plan } from '@distillation/api/plan';
import { readerOf } from '@distillation/api/reading';
import { median } from '@distillation/api/median';
import { among, amount, listOf, object, type Of, word } from '@distillation/api/shape';
import { type Costs, prefixWork } from './costs.ts';

/**
 * Times of blocks in earlier jobs with the same teacher: the paper's "prior knowledge" (section 3.3), in one file per teacher on the volume
 * (`recordedCosts` of packages/api/src/formats/layout.ts). Times are per sample, so that jobs with another batch size, number of epochs or
 * number of samples can use them.
 */

/** Number of jobs kept; the median of this many is stable. */
const JOBS_KEPT = 9;

/** Summary of one job. */
const recordedJob = object({
  /** Identifies the job; recording it again replaces its entry. */
  job: word,
  backend: backendSignature,
  /** Seconds of data loading and teacher forward pass, per sample and per unit of the prefix's estimated cost. */
  prefixSecondsPerUnit: amount,
  blocks: listOf(
    object({
      name: word,
      architecture: word,
      /** Seconds of the block's own training step per sample. */
      ownSeconds: amount,
    }),
  ),
});

export type RecordedCosts = Of<typeof recordedCosts>;
const recordedCosts = object({
  /** 1 had seconds per multiply-accumulate. */
  version: among(2),
  teacherSha256: word,
  /** The newest last. */
  jobs: listOf(recordedJob, 1000),
});

/** Reads the content of the file. One of another version is ignored, since the costs are only an optimization. */
export const readRecordedCosts = readerOf(recordedCosts, { versions: [2] });

interface JobHistory {
  readonly job: string;
  readonly plan: Pick<Plan, 'blocks' | 'teacher' | 'dataset'>;
  /** Epoch records of all blocks, in any order. */
  readonly records: readonly EpochRecord[];
}

/**
 * Adds one job to the file. The file is unchanged if the records hold no complete pass or the teacher is another one.
 *
 * A block's own time is the median over its epochs. The prefix is shared: the records of one pass (same bin, same start) hold equal
 * shares of the time that the deepest block needed, so each complete pass gives one value per unit of the estimated cost of its deepest prefix, of which the median is
 * taken.
 */
export function recordCosts(old: RecordedCosts | undefined, history: JobHistory): RecordedCosts {
  const { plan, records } = history;
  const { teacher, dataset } = plan;
  const kept = old ?? { version: 2, teacherSha256: teacher.sha256, jobs: [] };
  const backend = records[0]?.backend;
  const rates = passesOf(records).flatMap((pass) => prefixRate(pass, plan));
  if (kept.teacherSha256 !== teacher.sha256 || backend === undefined || rates.length === 0) return kept;
  const blocks = plan.blocks.flatMap(({ name, architecture }) => {
    const times = records.filter((record) => record.block === name).map((record) => record.timing.ownSeconds);
    return times.length === 0 ? [] : [{ name, architecture, ownSeconds: median(times) / dataset.train }];
  });
  const job = { job: history.job, backend, prefixSecondsPerUnit: median(rates), blocks };
  return { ...kept, jobs: [...kept.jobs.filter((other) => other.job !== job.job), job].slice(-JOBS_KEPT) };
}

/**
 * Cost of each block in seconds per sample, where earlier jobs provide it: the median over jobs that ran on the same kind of backend with
 * the same number of threads and trained the same architecture for this layer.
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
  const rate = median(jobs.map((job) => job.prefixSecondsPerUnit));
  return new Map(
    plan.blocks.flatMap(({ name, architecture, layer }) => {
      const times = jobs.flatMap((job) =>
        job.blocks.filter((block) => block.name === name && block.architecture === architecture),
      );
      if (times.length === 0) return [];
      return [[name, { prefix: rate * prefixWork(layer), own: median(times.map((time) => time.ownSeconds)) }] as const];
    }),
  );
}

/** The complete passes. Where a block was lost to another worker, the shares of the pass do not add up. */
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
  const depths = plan.blocks.filter((block) => names.has(block.name)).map((block) => prefixWork(block.layer));
  const deepest = Math.max(0, ...depths);
  const seconds = pass.reduce((sum, record) => sum + record.timing.prefixSeconds, 0);
  return deepest > 0 ? [seconds / deepest / plan.dataset.train] : [];
}
