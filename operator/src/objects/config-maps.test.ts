import { describe, expect, it } from 'vitest';
import { DistillError } from '@distillation/api/errors';
import { parseManifest } from '@distillation/api/manifest';
import { planKey, studentRecipe } from '@distillation/api/recipe';
import { FILE, finalizerConfigMap, plannerConfigMap, workerConfigMap } from './config-maps.ts';
import type { DistillationJobObject } from './snapshot.ts';
import type { WireConfigMap } from '@distillation/kube/wire';
import { FULL_TEMPLATE, PLAN, SCHEDULE, jobObject } from '../../test/children.ts';

const JOB = jobObject({
  'spec.cluster.workerTemplate': FULL_TEMPLATE,
  'spec.cluster.gpu.count': 2,
  'spec.cluster.datasetVolume': { claimName: 'data', subPath: 'cifar' },
});

const all = (job = JOB) => [
  plannerConfigMap(job),
  plannerConfigMap(job, PLAN),
  workerConfigMap(job, { plan: PLAN, schedule: SCHEDULE }),
  finalizerConfigMap(job),
];

describe('the ConfigMaps', () => {
  it('hold a manifest that a worker reads like a user’s, with the same plan key and recipe', () => {
    const inputs = { teacherSha256: 'T', datasetSha256: 'D' };
    for (const { data } of all()) {
      const read = parseManifest(data?.['job.json'] ?? '', 'job.json');
      const { spec } = JOB;
      expect(read.metadata).toEqual({ name: 'sample', namespace: 'ml' });
      expect({ ...read.spec, cluster: {} }).toEqual({ ...spec, cluster: {} });
      expect(read.spec.cluster.gpu).toEqual(spec.cluster.gpu);
      expect(planKey(read.spec)).toBe(planKey(spec));
      expect(studentRecipe(read.spec, inputs)).toBe(studentRecipe(spec, inputs));
    }
  });

  it('hold plan and schedule unchanged', () => {
    const [planner, planned, worker, finalizer] = all();
    const names = [planner, planned, worker, finalizer].map((map) => Object.keys(map?.data ?? {}));
    expect(names).toEqual([
      ['job.json'],
      ['job.json', 'plan.json'],
      ['job.json', 'plan.json', 'schedule.json'],
      ['job.json'],
    ]);
    expect(JSON.parse(planned?.data?.['plan.json'] ?? '')).toEqual(PLAN);
    expect(JSON.parse(worker?.data?.['plan.json'] ?? '')).toEqual(PLAN);
    expect(JSON.parse(worker?.data?.['schedule.json'] ?? '')).toEqual(SCHEDULE);
  });

  it('do not change when the job is suspended or its deadlines change', () => {
    const later = jobObject({
      'spec.cluster.workerTemplate': FULL_TEMPLATE,
      'spec.cluster.gpu.count': 2,
      'spec.cluster.datasetVolume': { claimName: 'data', subPath: 'cifar' },
      'spec.cluster.suspend': true,
      'spec.cluster.activeDeadlineSeconds': 60,
      'spec.cluster.ttlSecondsAfterFinished': 60,
    });
    expect(all(later)).toEqual(all());
  });

  it('tell the planner alone how long to wait for teacher and data, and nobody where it is not to', () => {
    const told = ({ data }: WireConfigMap): unknown =>
      (JSON.parse(data?.[FILE.job] ?? '') as DistillationJobObject).spec.cluster.inputsDeadlineSeconds;
    const waits = jobObject({ 'spec.cluster.inputsDeadlineSeconds': 60 });
    expect([told(plannerConfigMap(waits)), told(finalizerConfigMap(waits))]).toEqual([60, undefined]);
    const atOnce = jobObject({ 'spec.cluster.inputsDeadlineSeconds': 0 });
    expect(plannerConfigMap(atOnce)).toEqual(plannerConfigMap(jobObject()));
  });

  it('fit for the largest network that the API allows', () => {
    const names = Array.from({ length: 1024 }, (_, i) => `block_${i}`.padEnd(256, '_'));
    const plan = { ...PLAN, blocks: names.map((name) => ({ name, cost: { prefix: 1e9 + 1 / 3, own: 1e9 + 1 / 3 } })) };
    const schedule = { ...SCHEDULE, bins: names.map((name, index) => ({ index, blocks: [name], cost: 1e9 + 1 / 3 })) };
    const { data } = workerConfigMap(JOB, { plan, schedule });
    expect(Object.keys(data ?? {})).toHaveLength(3);
  });

  it('are refused above the limit of Kubernetes, with the sizes of their parts', () => {
    const plan = { ...PLAN, blocks: [{ name: 'x'.repeat(1024 * 1024), cost: { prefix: 1, own: 1 } }] };
    const error = catchError(() => workerConfigMap(JOB, { plan, schedule: SCHEDULE }));
    expect(error).toBeInstanceOf(DistillError);
    expect(error).toMatchObject({ code: 'DISTILL_E_MANIFEST_INVALID', subject: 'spec.blocks' });
    expect(String(error)).toMatch(/plan\.json 1049\d{3}\b/);
  });
});

function catchError(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
