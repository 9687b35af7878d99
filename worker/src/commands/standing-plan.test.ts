import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { DistillationJobSpec } from '@distillation/api/job';
import { trainingRecipe } from '@distillation/api/recipe';
import { validateJob } from '@distillation/api/validate';
import { type Ledger, openLedger } from '@distillation/ledger/ledger';
import { openBackend } from '../backend/select.ts';
import type { Teacher } from '../teacher/load.ts';
import { dataFolder } from '../../test/data.ts';
import { idx, noise } from '../../test/data-files.ts';
import { asTeacher, tinyModel } from '../../test/finalize.ts';
import { standingPlan } from './standing-plan.ts';

/** Which plan workers and finalizer follow, with real files. */

const backend = await openBackend({ cpuThreads: 1 });
const signature = { name: backend.name, tensorflow: backend.tfVersion, cpuThreads: 1 };
const data = dataFolder();
let teacher: Teacher;
beforeAll(async () => {
  teacher = await asTeacher(tinyModel(backend.tf), backend.tf);
});

function specOf(seed: number): DistillationJobSpec {
  const checked = validateJob({
    apiVersion: 'distillation.dev/v1alpha1',
    kind: 'DistillationJob',
    metadata: { name: 'tiny' },
    spec: {
      teacher: { path: 'teacher', preprocessing: { mode: 'None' } },
      dataset: { path: 'data', format: 'Idx', validation: { fraction: '0.2' } },
      blocks: { architecture: 'TwoLayer' },
      training: { seed },
      outputs: { path: 'out' },
    },
  });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  return checked.job.spec;
}

async function openJob(seed = 0) {
  for (const [split, samples] of [
    ['train', 40],
    ['t10k', 8],
  ] as const) {
    const labels = Uint8Array.from({ length: samples }, (_, index) => index % 4);
    await writeFile(join(data.folder, `${split}-images-idx3-ubyte`), idx([samples, 8, 8], noise(samples * 64, split)));
    await writeFile(join(data.folder, `${split}-labels-idx1-ubyte`), idx([samples], labels));
  }
  const spec = specOf(seed);
  const dataset = await data.open(spec.dataset, { inputShape: teacher.inputShape, classes: teacher.classes });
  return { spec, signature, teacher, dataset };
}

const ledgerOf = (): Promise<Ledger> =>
  openLedger({ folder: join(data.volume, 'out'), writer: 'bin-0', log: () => undefined });

test('a job that was never planned here is told to plan first', async () => {
  await expect(standingPlan(await ledgerOf(), await openJob())).rejects.toMatchObject({
    code: 'DISTILL_E_USAGE',
    message: expect.stringContaining('holds no plan yet') as string,
  });
});

test('a plan that is lost is made again for the same recipe, and the plan of another recipe is refused', async () => {
  const job = await openJob();
  const recipe = trainingRecipe(job.spec, { teacherSha256: teacher.sha256, datasetSha256: job.dataset.summary.sha256 });
  const ledger = await ledgerOf();
  await ledger.assertSameRecipe(recipe);
  const plan = await standingPlan(ledger, job);
  expect(plan).toMatchObject({ recipe, blocks: [{ name: 'conv2' }], costSource: 'Estimated' });
  expect(await standingPlan(await ledgerOf(), job)).toEqual(plan);
  await expect(standingPlan(await ledgerOf(), await openJob(1))).rejects.toMatchObject({
    code: 'DISTILL_E_VOLUME_OTHER_JOB',
    message: expect.stringContaining(`was planned for recipe ${recipe}, and this job's is `) as string,
  });
});

test('work that an earlier version began goes on under the hash of the data that it was planned with', async () => {
  const job = await openJob();
  const sha256 = await job.dataset.edges();
  const recipe = trainingRecipe(job.spec, { teacherSha256: teacher.sha256, datasetSha256: sha256 });
  const ledger = await ledgerOf();
  await ledger.assertSameRecipe(recipe);
  const plan = await standingPlan(ledger, job);
  expect(plan.recipe).toBe(recipe);
  expect(plan.dataset).toMatchObject({ sha256 });
  expect(plan.dataset.hashOf).toBeUndefined();
});
