import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DistillationJob } from '@distillation/api/job';
import { DISTILLATION_JOBS } from '../../operator/src/objects/distillation-jobs.ts';
import { jobOf } from '../support/local-job.ts';
import { podsForFiles, startDistill } from './cli.ts';
import { installOperator } from './operator.ts';
import { smallest } from './recipe.ts';
import { sampleRecipe } from './sample-recipe.ts';
import { until } from '../../tools/kube-harness/access/until.ts';
import { admin, adminClient, kubectl, newNamespace, type TestNamespace } from './support.ts';

/** `kubectl distill plan` on a cluster: the worker plans beside the volume, and nothing comes of it. */

let folder: string;
let namespace: TestNamespace;

beforeAll(async () => {
  await installOperator();
  folder = await mkdtemp(join(tmpdir(), 'distill-plan-'));
  namespace = await newNamespace();
});
afterAll(() => rm(folder, { recursive: true }));

async function plan(job: DistillationJob, ...args: readonly string[]) {
  const file = join(folder, 'job.json');
  await writeFile(file, JSON.stringify(job));
  return startDistill({ namespace: namespace.name, folder }, ['plan', '-f', file, ...args]).ended;
}

interface Document {
  readonly plan: { readonly blocks: readonly { readonly name: string }[] };
  readonly pods: readonly { readonly role: string; readonly pods: number }[];
  readonly quotas: readonly { readonly key: string; readonly role: string; readonly places: number }[];
  readonly nodes: readonly { readonly role: string; readonly fitting: number; readonly places: number }[];
  readonly waiting: readonly object[];
}

it('shows what a job would do and take, and leaves neither job nor pod nor file', async () => {
  const before = await readdir(namespace.volume, { recursive: true });
  await admin().apply(
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'team' },
      ...{ spec: { hard: { 'requests.cpu': '1' } } },
    },
    namespace.name,
  );
  const ofQuota = ['--namespace', namespace.name, 'get', 'quota', 'team', '--output', 'jsonpath={.status.hard}'];
  await until('the quota is counted', async () => (await kubectl(...ofQuota)) !== '');
  const job = await sampleRecipe({ scheduling: { bins: 4, costSource: 'Estimated' } });
  const table = await plan(job);
  expect(table.stderr).not.toContain('DISTILL_E');
  expect(table.stdout).toContain('block3_conv2');
  expect(table.stdout).toMatch(/^quota team +requests\.cpu: \S+ of 1 left, 2 asked: room for 2 of 4 workers/m);
  expect(table.stdout).toMatch(/^waiting +2 of 4 workers would wait for room$/m);
  const { stdout } = await plan(job, '--server', '--bins', '2', '-o', 'json');
  const document = JSON.parse(stdout) as Document;
  expect(document.plan.blocks.length).toBeGreaterThan(10);
  expect(document.pods).toMatchObject([{ role: 'planner' }, { role: 'worker', pods: 2 }, { role: 'finalizer' }]);
  expect(document.nodes.find(({ role }) => role === 'worker')?.fitting).toBeGreaterThanOrEqual(2);
  expect((await adminClient().list(DISTILLATION_JOBS, { namespace: namespace.name })).items).toEqual([]);
  expect(await podsForFiles(namespace.name)).toEqual([]);
  expect(await readdir(namespace.volume, { recursive: true })).toEqual(before);
});

it('ends with the worker’s own error', async () => {
  const { spec, ...rest } = smallest();
  const { code, stderr } = await plan(
    jobOf({ ...rest, spec: { ...spec, teacher: { ...spec.teacher, path: 'none.keras' } } }),
  );
  expect(code).toBe(65);
  expect(stderr).toMatch(/^DISTILL_E_TEACHER_MISSING: .*none\.keras/m);
  expect(await podsForFiles(namespace.name)).toEqual([]);
});
