import type { DistillationJob } from '@distillation/api/job';
import type { BackendSignature, Plan } from '@distillation/api/plan';
import type { Report } from '@distillation/api/report';
import type { Backend } from '../backend/select.ts';
import type { Loader } from '../data/loading/loader.ts';
import type { Dataset, Split } from '../data/types.ts';
import type { Network } from '../teacher/graph/graph.ts';
import type { Teacher } from '../teacher/load.ts';
import type { Ledger } from '@distillation/ledger/ledger';
import type { OpenBatches } from './measuring/batches.ts';
import { evaluate } from './measuring/evaluate.ts';
import type { Score } from './select.ts';
import type { FinalizeProgress, StageProgress } from './stage-progress.ts';

export interface FinalizeOptions {
  readonly job: DistillationJob;
  /** The job's plan, as `standingPlan` returns it. */
  readonly plan: Plan;
  readonly backend: Backend;
  readonly signature: BackendSignature;
  readonly teacher: Teacher;
  readonly dataset: Dataset;
  readonly loader: Loader;
  /** Open for writing, under a writer name that belongs to the finalizer. */
  readonly ledger: Ledger;
  readonly log: (line: string) => void;
  readonly onProgress?: (progress: FinalizeProgress) => void;
  /** Renders `report.html`. */
  readonly render?: (report: Report) => string;
  /** Reads the energy counter of the GPUs, where there is one, in joules. */
  readonly gpuJoules?: () => number | undefined;
}

/** The options of a finalizer, with the state that its stages share. */
export interface Run extends FinalizeOptions {
  readonly stages: StageProgress;
}

export const labelled = ({ job, dataset }: FinalizeOptions): boolean =>
  dataset.summary.labelled && job.spec.dataset.labels === 'Used';

/** Passes over a split in its own order, without augmentation. */
export function pass({ loader, job }: FinalizeOptions, split: Split): OpenBatches {
  return () => loader.batches({ split, batchSize: job.spec.dataset.batchSize });
}

/** The batches of such a pass. */
export const batchesOf = ({ dataset, job }: FinalizeOptions, split: Split): number =>
  Math.ceil(dataset.splits[split].count / job.spec.dataset.batchSize);

/** The split that decides which blocks are good enough. */
export const splitOf = ({ spec }: DistillationJob): Split =>
  spec.selection.split === 'Train' ? 'train' : 'validation';

interface Scoring {
  readonly split: Split;
  readonly networks: readonly Network[];
  /** Steps of the stage that have been done before. */
  readonly after?: number;
}

/** Scores of networks on a split; undefined without labels or samples. */
export async function scoreOn(options: Run, { split, networks, after = 0 }: Scoring): Promise<Score[] | undefined> {
  if (!labelled(options) || options.dataset.splits[split].count === 0) return undefined;
  return evaluate(
    options.backend.tf,
    networks.map(({ model }) => model),
    options.stages.counted(pass(options, split), after),
  );
}
