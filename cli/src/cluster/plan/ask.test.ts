import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError, toDistillError } from '@distillation/api/errors';
import { parseManifest } from '@distillation/api/manifest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workerSession } from '../../../../test/support/worker-session.ts';
import { manifestWith } from '../../../../packages/api/test/corpus/corpus.ts';
import { askPlan } from './ask.ts';

let volumes: string;

beforeAll(async () => {
  volumes = await mkdtemp(join(tmpdir(), 'distill-plan-'));
  await mkdir(join(volumes, 'work'));
});
afterAll(() => rm(volumes, { recursive: true }));

it('a plan that cannot be made ends with the worker’s own error, its way out told once', async () => {
  const job = parseManifest(JSON.stringify(manifestWith({})), 'job.json', 'Cluster');
  const asked = askPlan((args) => Promise.resolve(workerSession(args.map((arg) => arg.replace('/volumes', volumes)))), {
    job,
    mounts: { work: { claimName: 'shared' } },
  });
  const said = await asked.then(JSON.stringify, (thrown: unknown) => describeError(toDistillError(thrown)));
  expect(said).toMatch(/^DISTILL_E_TEACHER_MISSING: .*teacher\/model\.json/);
  expect(said.match(/Put the teacher at spec\.teacher\.path/g)).toHaveLength(1);
});
