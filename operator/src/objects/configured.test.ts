import { describe, expect, it } from 'vitest';
import { CONFIG, PLAN, SCHEDULE, jobObject } from '../../test/children.ts';
import { finalizerConfigMap, plannerConfigMap, workerConfigMap } from './config-maps.ts';
import { finalizerJob, plannerJob, workerJob } from './jobs.ts';
import { unknownClass } from '@distillation/core/pod-classes';

/** What the operator's configuration gives to the children of all jobs. */

const PLACED = {
  nodeSelector: { pool: 'gpu' },
  resources: { requests: { cpu: '4' } },
  env: [{ name: 'A', value: '1' }],
};
const propagateLabels = ['team', 'example.com/absent', 'distillation.dev/job'];
const podClasses = { a100: { nodeSelector: { gpu: 'a100' }, priorityClassName: 'high' }, bare: { resources: {} } };
const config = { ...CONFIG, propagateLabels, podDefaults: PLACED, podClasses };

function childrenOf(job: ReturnType<typeof jobObject>) {
  return [
    plannerJob(job, { config, attempt: 0 }),
    workerJob(job, { config, attempt: 0, bins: [0, 1] }),
    finalizerJob(job, { config, attempt: 0 }),
  ];
}

describe('labels that are propagated', () => {
  const job = jobObject({ 'metadata.labels': { team: 'vision', other: 'x', 'distillation.dev/job': 'forged' } });

  it('are on every Job, pod and ConfigMap, and no others are', () => {
    const jobs = childrenOf(job);
    const maps = [
      plannerConfigMap(job, PLAN, config),
      workerConfigMap(job, { plan: PLAN, schedule: SCHEDULE }, config),
      finalizerConfigMap(job, config),
    ];
    const labelled = [...jobs, ...maps, ...jobs.map(({ spec }) => spec?.template)].map((one) => one?.metadata?.labels);
    expect(labelled).toHaveLength(9);
    for (const labels of labelled) {
      expect(labels).toMatchObject({ team: 'vision', 'distillation.dev/job': job.metadata.name });
      expect(labels).not.toHaveProperty('other');
      expect(labels).not.toHaveProperty(['example.com/absent']);
    }
  });

  it('give way to those of the pod template, on the pods', () => {
    const own = jobObject({
      'metadata.labels': { team: 'vision' },
      'spec.cluster.workerTemplate.labels': { team: 'nlp' },
    });
    for (const child of childrenOf(own)) {
      expect(child.metadata?.labels?.['team']).toBe('vision');
      expect(child.spec?.template.metadata?.labels?.['team']).toBe('nlp');
    }
  });

  it('change no name and no revision, so that nothing is begun anew', () => {
    const plain = jobObject();
    expect(childrenOf(job).map(({ metadata }) => metadata?.name)).toEqual(
      childrenOf(plain).map(({ metadata }) => metadata?.name),
    );
  });
});

describe('defaults of pods', () => {
  const podOf = (changes: object) => childrenOf(jobObject({ ...changes }))[1]?.spec?.template.spec;

  it('are used field by field where the job says nothing', () => {
    const pod = podOf({ 'spec.cluster.workerTemplate': { nodeSelector: { pool: 'own' } } });
    expect(pod?.nodeSelector).toEqual({ pool: 'own' });
    expect(pod?.containers[0]?.resources?.requests).toEqual({ cpu: '4', memory: '1Gi' });
    expect(pod?.containers[0]?.env).toContainEqual({ name: 'A', value: '1' });
    expect(podOf({})?.nodeSelector).toEqual({ pool: 'gpu' });
  });

  it('are declined by an empty map', () => {
    expect(podOf({ 'spec.cluster.workerTemplate': { nodeSelector: {} } })).not.toHaveProperty('nodeSelector');
  });

  it('are the finalizer’s too, after both templates', () => {
    const [, , finalizer] = childrenOf(
      jobObject({ 'spec.cluster.workerTemplate': { resources: { limits: { cpu: '8' } } } }),
    );
    expect(finalizer?.spec?.template.spec?.containers[0]?.resources?.limits).toMatchObject({ cpu: '8' });
    expect(finalizer?.spec?.template.spec?.nodeSelector).toEqual({ pool: 'gpu' });
  });
});

describe('a class of defaults', () => {
  const podOf = (cluster: Readonly<Record<string, unknown>>) => {
    const changes = Object.entries(cluster).map(([field, value]) => [`spec.cluster.${field}`, value] as const);
    return childrenOf(jobObject(Object.fromEntries(changes))).map(({ spec }) => spec?.template.spec);
  };

  it('stands over the defaults of all jobs and under the job’s own templates, field by field', () => {
    const [planner, , finalizer] = podOf({ className: 'a100', finalizerTemplate: { priorityClassName: 'low' } });
    expect(planner).toMatchObject({ nodeSelector: { gpu: 'a100' }, priorityClassName: 'high' });
    expect(planner?.containers[0]?.resources?.requests).toMatchObject({ cpu: '4' });
    expect(finalizer).toMatchObject({ nodeSelector: { gpu: 'a100' }, priorityClassName: 'low' });
    const [own] = podOf({ className: 'a100', workerTemplate: { nodeSelector: {} } });
    expect(own).not.toHaveProperty('nodeSelector');
  });

  it('declines a default by an empty map', () => {
    expect(podOf({ className: 'bare' })[0]?.containers[0]?.resources?.requests).toMatchObject({ cpu: '500m' });
  });

  it('is known by its own name only', () => {
    const unknown = (className?: string) => unknownClass({ ...(className !== undefined && { className }) }, config);
    expect([unknown(), unknown('a100'), unknown('h100'), unknown('constructor')]).toEqual([
      undefined,
      undefined,
      'h100',
      'constructor',
    ]);
  });
});
