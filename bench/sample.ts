import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DistillationJobSpec } from '@distillation/api/job';
import { parseManifest } from '@distillation/api/manifest';
import { openBackend } from '../worker/src/backend/select.ts';
import type { Tf } from '../worker/src/backend/tf.ts';
import { planBlocks, type UncostedBlock } from '../worker/src/commands/plan-blocks.ts';
import { type Loader, openLoader } from '../worker/src/data/loading/loader.ts';
import { openDataset } from '../worker/src/data/open.ts';
import { requireCandidates } from '../worker/src/teacher/graph/candidates.ts';
import { loadTeacher, type Teacher } from '../worker/src/teacher/load.ts';
import { fetchCifar10 } from '../tools/sample-data/fetch.ts';

/** The sample job's parts, opened for a benchmark on one core. */
export interface Sample {
  readonly tf: Tf;
  readonly description: string;
  readonly spec: DistillationJobSpec;
  readonly teacher: Teacher;
  readonly loader: Loader;
  /** All 13 convolutions larger than 1x1, including the first, whose block is not cheaper: the paper trains it. */
  readonly blocks: readonly UncostedBlock[];
}

const SAMPLES = new URL('../manifests/samples/', import.meta.url);

export async function openSample(): Promise<Sample> {
  const manifest = fileURLToPath(new URL('cifar10-vgg16.yaml', SAMPLES));
  const { spec } = parseManifest(await readFile(manifest, 'utf8'), manifest);
  const backend = await openBackend({ cpuThreads: 1 });
  const teacher = await loadTeacher(backend.tf, { path: fileURLToPath(new URL(spec.teacher.path, SAMPLES)) });
  const data = await fetchCifar10();
  const dataset = await openDataset(dirname(data), { ...spec.dataset, path: basename(data) }, teacher);
  const loader = openLoader({ dataset, preprocessing: spec.teacher.preprocessing, threads: 1 });
  const { candidates } = requireCandidates(teacher, spec.blocks);
  const { blocks } = planBlocks(candidates, { ...spec.blocks, whenNotCheaper: 'Train' });
  return { tf: backend.tf, description: backend.description, spec, teacher, loader, blocks };
}
