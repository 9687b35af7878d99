import { join } from 'node:path';
import { DISTILLATION_JOBS } from '../../operator/src/objects/distillation-jobs.ts';
import { LAYOUT } from '@distillation/api/layout';
import type { Report } from '@distillation/api/report';
import { decodeTermination } from '@distillation/api/termination';
import { decodeEnvelope } from '@distillation/ledger/envelope';
import { openBackend } from '../../worker/src/backend/select.ts';
import { openLoader } from '../../worker/src/data/loading/loader.ts';
import { openDataset } from '../../worker/src/data/open.ts';
import { evaluate } from '../../worker/src/finalize/measuring/evaluate.ts';
import { loadTeacher } from '../../worker/src/teacher/load.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../tools/kube-harness/access/until.ts';
import type { Made } from '../support/local-job.ts';
import { ClusterJob, conditionOf, isOver } from './cluster-job.ts';
import { aloneWithOperators, installOperator } from './operator.ts';
import { sampleRecipe, sampleReference } from './sample-recipe.ts';
import { adminClient, kubectl, logs } from './support.ts';

/** The sample job from `kubectl apply` to its student. */

let wanted: Made;
let job: ClusterJob;

beforeAll(async () => {
  [wanted] = await Promise.all([sampleReference(), installOperator()]);
});

/** Whole seconds since, as the API has times. */
const secondsBetween = (from: string | undefined, to: string | undefined): number =>
  (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000;

it('is planned, trained on both nodes, finalized, and succeeds', async () => {
  // An operator that is killed in the moment of an event takes it with it: no other file may do so from before the job is applied.
  const { completionTime } = await aloneWithOperators(async () => {
    job = await ClusterJob.apply(await sampleRecipe());
    return job.succeeded();
  });
  const { name: namespace } = job.namespace;

  const { metadata } = await adminClient().get(DISTILLATION_JOBS, { namespace, name: job.name });
  const starts = await until('both workers are over', async () => {
    const pods = await job.pods('worker');
    const times = pods.map(({ status }) => status?.containerStatuses?.[0]?.state?.terminated?.startedAt);
    return times.length === 2 && times.every((time) => time !== undefined) ? times : undefined;
  });
  const applied = metadata.creationTimestamp;
  const toWorker = secondsBetween(applied, starts.sort()[0]);
  const toSucceeded = secondsBetween(applied, completionTime);
  console.log(`job: apply to first worker started ${toWorker} s, to Succeeded ${toSucceeded} s`);
  expect(toWorker).toBeGreaterThanOrEqual(0);
  expect(toSucceeded).toBeGreaterThan(toWorker);

  const workers = await job.pods('worker');
  expect(workers).toHaveLength(2);
  expect(new Set(workers.map(({ spec }) => spec?.nodeName)).size).toBe(2);
});

describe('then', () => {
  it('its blocks and its student are what local mode makes, bit for bit', async () => {
    expect(await job.made()).toEqual(wanted);
    expect(Object.values(wanted.blocks)).not.toContain('none');
    expect(Object.keys(wanted.blocks)).toHaveLength(13);
  });

  it('its planner computed with native TensorFlow, and ended with the plan', async () => {
    const [planner] = await job.pods('planner');
    expect(await logs(job.namespace.name, planner?.metadata?.name ?? '')).toMatch(
      /computing with TensorFlow 2\.\d+\.\d+ on the CPU/,
    );
    const message = planner?.status?.containerStatuses?.[0]?.state?.terminated?.message ?? '';
    expect(decodeTermination(message)).toMatchObject({ type: 'Planned', plan: { kept: 0, blocks: { length: 13 } } });
    const file = decodeEnvelope(await job.namespace.read(join(job.job.spec.outputs.path, LAYOUT.plan)));
    expect(file?.body).toMatchObject({ blocks: { length: 13 } });
  });

  it('all its pods have ended well, and none holds a GPU', async () => {
    const pods = await until('all pods are over', async () => {
      const all = await job.pods();
      return all.every(isOver) ? all : undefined;
    });
    expect(pods.map(({ status }) => status?.phase)).toEqual(pods.map(() => 'Succeeded'));
    const requests = pods.map(({ spec }) => spec?.containers[0]?.resources?.limits?.['nvidia.com/gpu'] ?? '0');
    // Planner none, two workers and the finalizer one each: what they held is free again since they are over.
    expect(requests.sort()).toEqual(['0', '1', '1', '1']);
  });

  it('kubectl shows it in a line, and tells all about it', async () => {
    const { name: namespace } = job.namespace;
    const table = await kubectl('--namespace', namespace, 'get', 'dj', '--output', 'wide');
    const [head = '', row = ''] = table.trim().split('\n');
    const columns = [
      'NAME',
      'STATUS',
      'REASON',
      'PROGRESS',
      'BLOCKS',
      'BINS',
      'ETA',
      'AGE',
      'TEACHER',
      'ACCURACY',
      'RATIO',
      'SPEEDUP',
    ];
    expect(head.split(/\s{2,}/).map((title) => title.trim())).toEqual(columns);
    expect(row).toMatch(/^cifar10-vgg16 +Succeeded +100 +13\/13 /);
    const told = await kubectl('--namespace', namespace, 'describe', 'dj', job.name);
    console.log(`${table}\n${told}`);
    for (const type of ['Succeeded', 'Ready', 'Planned', 'BlocksTrained', 'Finalized']) {
      expect(conditionOf(await job.status(), type as 'Ready'), type).toMatchObject({ status: 'True' });
      expect(told).toMatch(new RegExp(`Type: +${type}\\n`));
    }
    for (const reason of ['Planned', 'Succeeded']) expect(told).toMatch(new RegExp(`Normal +${reason} `));
  });

  it('its student, read back, is as accurate as report and status say', async () => {
    const { spec } = job.job;
    const folder = join(job.namespace.volume, spec.outputs.path);
    const report = JSON.parse(
      (await job.namespace.read(join(spec.outputs.path, LAYOUT.reportJson))).toString(),
    ) as Report;
    const { result } = await job.status();
    const { tf } = await openBackend({ cpuThreads: spec.fineTuning.cpuThreads });
    const student = await loadTeacher(tf, { path: join(folder, LAYOUT.student) });
    const { inputShape, classes } = student;
    const dataset = await openDataset(job.namespace.volume, spec.dataset, { inputShape, classes });
    const loader = openLoader({ dataset, preprocessing: spec.teacher.preprocessing, threads: 1 });
    const pass = loader.batches({ split: 'test', batchSize: spec.dataset.batchSize });
    const [score = { correct: 0, total: 0 }] = await evaluate(tf, [student.model], pass);
    await loader.close();
    expect(score.total).toBe(spec.dataset.limits.test);
    const accuracy = score.correct / score.total;
    console.log(
      `job: student ${accuracy}, teacher ${report.teacher.testAccuracy ?? NaN}, ${student.params} parameters`,
    );
    expect(accuracy).toBe(report.student.testAccuracy);
    expect(Number(result?.studentAccuracy)).toBeCloseTo(accuracy, 4);
    expect(student.params).toBe(report.student.params);
    expect(result).toMatchObject({
      outcome: 'StudentBuilt',
      studentParameters: student.params,
      studentSha256: report.provenance.studentSha256,
    });
    // Much better than chance (0.1), and smaller.
    expect(accuracy).toBeGreaterThan(0.3);
    expect(student.params).toBeLessThan(report.teacher.params);
  });
});
