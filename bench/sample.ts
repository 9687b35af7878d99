import { basename, dirname, join } from 'node:path';
import type { DistillationJobSpec } from '@distillation/api/job';
import { openBackend } from '../worker/src/backend/select.ts';
import type { Tf } from '../worker/src/backend/tf.ts';
import { planBlocks, type UncostedBlock } from '../worker/src/commands/planning/plan-blocks.ts';
import { type Loader, openLoader } from '../worker/src/data/loading/loader.ts';
import { openDataset } from '../worker/src/data/open.ts';
import { requireCandidates } from '../worker/src/teacher/graph/candidates.ts';
import { loadTeacher, type Teacher } from '../worker/src/teacher/load.ts';
import { fetchCifar10 } from '../tools/sample-data/fetch.ts';
import { jobOf, lowRank, SAMPLES } from './students/rows.ts';

/** The sample job's parts, with one low-rank block for each layer, opened for a benchmark on one core. */
export interface Sample {
  readonly tf: Tf;
  readonly description: string;
  readonly spec: DistillationJobSpec;
  readonly teacher: Teacher;
  readonly loader: Loader;
  /** All 13 convolutions larger than 1x1, including the first, whose block is not cheaper: the paper trains it. */
  readonly blocks: readonly UncostedBlock[];
}

const SEED = 7;

export async function openSample(): Promise<Sample> {
  const { spec } = await jobOf({ sample: 'cifar10-vgg16.yaml', changes: lowRank('0.375') }, SEED);
  const backend = await openBackend({ cpuThreads: 1 });
  const teacher = await loadTeacher(backend.tf, { path: join(SAMPLES, spec.teacher.path) });
  const data = await fetchCifar10();
  const dataset = await openDataset(dirname(data), { ...spec.dataset, path: basename(data) }, teacher);
  const loader = openLoader({ dataset, preprocessing: spec.teacher.preprocessing, threads: 1 });
  const { candidates } = requireCandidates(teacher, spec.blocks);
  const { blocks } = planBlocks(candidates, { ...spec.blocks, whenNotCheaper: 'Train' });
  return { tf: backend.tf, description: backend.description, spec, teacher, loader, blocks };
}
