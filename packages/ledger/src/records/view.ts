import type { DistillationJob } from '@distillation/api/job';
import { LAYOUT } from '@distillation/api/layout';
import type { EpochRecord, WorkerProgress } from '@distillation/api/ledger';
import type { BinSchedule, Plan } from '@distillation/api/plan';
import { blockState, type BlockState } from './block-state.ts';
import type { Ledger } from './ledger.ts';

/** A block as the volume shows it. */
export interface BlockView extends BlockState {
  readonly name: string;
  /** Every recorded epoch of all attempts, sorted. */
  readonly history: readonly EpochRecord[];
}

/** The whole ledger as data: for `/progress`, the live table and the report. */
export interface LedgerView {
  readonly job: DistillationJob | undefined;
  readonly plan: Plan | undefined;
  readonly schedule: BinSchedule | undefined;
  /** In the order of the plan; empty before there is one. */
  readonly blocks: readonly BlockView[];
  /** The last progress of each worker, by bin. */
  readonly workers: readonly WorkerProgress[];
}

/** Reads everything. It may be called once a second, since records that have been read are not read again. */
export async function readEverything(ledger: Ledger): Promise<LedgerView> {
  const [job, plan, schedule] = [await ledger.readJob(), await ledger.readPlan(), await ledger.readSchedule()];
  const blocks: BlockView[] = [];
  for (const { name } of plan?.blocks ?? []) {
    const history = await ledger.knownHistory(name);
    blocks.push({ name, history, ...blockState(history) });
  }
  return { job, plan, schedule, blocks, workers: await readWorkers(ledger) };
}

async function readWorkers(ledger: Ledger): Promise<WorkerProgress[]> {
  const workers: WorkerProgress[] = [];
  for (const { name } of await ledger.files.readdir(ledger.path(LAYOUT.progressFolder))) {
    const bin = /^bin-(\d+)\.json$/.exec(name)?.[1];
    const progress = bin === undefined ? undefined : await ledger.readProgress(Number(bin));
    if (progress !== undefined) workers.push(progress);
  }
  return workers.sort((a, b) => a.bin - b.bin);
}
