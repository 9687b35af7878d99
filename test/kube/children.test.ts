import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Changes, manifestWith } from '../../packages/api/test/corpus/corpus.ts';
import { finalizerConfigMap, plannerConfigMap, workerConfigMap } from '../../operator/src/objects/config-maps.ts';
import { finalizerJob, plannerJob, workerJob } from '../../operator/src/objects/jobs.ts';
import { FIELD_MANAGER } from '../../operator/src/objects/labels.ts';
import { CONFIG, FULL_TEMPLATE, PLAN, SCHEDULE } from '../../operator/test/children.ts';
import { type KubeClient, kubeClient } from '@distillation/kube/client';
import { CONFIG_MAPS, JOBS, type KubeObject, PODS, type Resource } from '@distillation/kube/resources';
import { DISTILLATION_JOBS } from '../../operator/src/objects/distillation-jobs.ts';
import type { Transport } from '@distillation/kube/transport';
import type { DistillationJobObject } from '../../operator/src/objects/snapshot.ts';
import type { WireJob, WirePod } from '@distillation/kube/wire';
import { admin, adminClient, adminConfig, eventually, newNamespace } from './support/support.ts';

/** A real API server accepts every field of what the operator creates, in a namespace that enforces Pod Security `restricted`. */

const BINS = [0, 3, 1023];

const SPECS: readonly (readonly [string, Changes])[] = [
  ['minimal', {}],
  ['cpu', { 'spec.cluster.gpu.count': 0 }],
  ['mig', { 'spec.cluster.gpu': { resourceName: 'nvidia.com/mig-1g.5gb', count: 2 } }],
  ['full-template', { 'spec.cluster.workerTemplate': FULL_TEMPLATE, 'spec.cluster.backoffLimit': 0 }],
  ['limits-alone', { 'spec.cluster.workerTemplate.resources': { limits: { cpu: 1, memory: '256Mi' } } }],
  ['finalizer-template', { 'spec.cluster.finalizerTemplate': FULL_TEMPLATE }],
  ['queue', { 'spec.cluster.queueName': 'team-a' }],
  [
    'claims',
    {
      'spec.cluster.volume': { claimName: 'shared', subPath: 'work/files' },
      'spec.cluster.teacherVolume': { claimName: 'teachers' },
      'spec.cluster.datasetVolume': { claimName: 'shared', subPath: 'data' },
    },
  ],
  ['measured-costs', { 'spec.scheduling.costSource': 'Measured' }],
  [`long-${'n'.repeat(58)}`, {}],
];

/** Rejects unknown and duplicate fields, which the server would otherwise drop. */
let strict: KubeClient;
/** The same as a dry run: with admission, without persisting anything. */
let dryRun: KubeClient;

const withQuery =
  (query: string) =>
  (next: Transport): Transport =>
  (call) =>
    next({ ...call, path: `${call.path}${call.path.includes('?') ? '&' : '?'}${query}` });

beforeAll(async () => {
  strict = kubeClient(adminConfig(), { wrap: withQuery('fieldValidation=Strict') });
  dryRun = kubeClient(adminConfig(), { wrap: withQuery('fieldValidation=Strict&dryRun=All') });
  await admin().apply({
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name: FULL_TEMPLATE.runtimeClassName },
    ...{ handler: 'nvidia' },
  });
});

afterAll(async () => {
  await strict.close();
  await dryRun.close();
});

const apply = <T extends KubeObject>(resource: Resource<T>, object: KubeObject): Promise<T> =>
  strict.apply(resource, object, { fieldManager: FIELD_MANAGER, force: true });

/** A DistillationJob as created by the server in a new namespace, with UID and defaults. No operator runs here. */
async function createJob(name: string, changes: Changes): Promise<DistillationJobObject> {
  const base: Changes = { 'spec.cluster.volume': { claimName: 'shared' }, 'metadata.name': name };
  const namespace = await newNamespace();
  return apply(DISTILLATION_JOBS, manifestWith({ ...base, 'metadata.namespace': namespace, ...changes }));
}

const jobsOf = (job: DistillationJobObject): readonly WireJob[] => [
  plannerJob(job, { config: CONFIG, attempt: 0 }),
  workerJob(job, { config: CONFIG, attempt: 10, bins: BINS }),
  finalizerJob(job, { config: CONFIG, attempt: 0 }),
];

const nameOf = ({ metadata }: KubeObject) => ({ namespace: metadata?.namespace, name: metadata?.name ?? '' });

/** The pod of a Job's template, except for its name. */
const podOf = ({ metadata, spec }: WireJob): WirePod => ({
  metadata: { name: 'probe', ...(metadata?.namespace !== undefined && { namespace: metadata.namespace }) },
  ...(spec?.template.spec !== undefined && { spec: spec.template.spec }),
});

/** Retries until no controller writes the object's status in between: then nothing may have changed. */
async function expectSecondApplyChangesNothing(resource: Resource, object: KubeObject): Promise<void> {
  await eventually(async () => {
    const before = await adminClient().get(resource, nameOf(object));
    const after = await apply(resource, object);
    expect(after.metadata?.resourceVersion).toBe(before.metadata?.resourceVersion);
  });
}

describe.each(SPECS)('the children of the job %s', (name, changes) => {
  it('are taken as they are, make pods that Pod Security lets in, and stay as they are when applied again', async () => {
    const job = await createJob(name, changes);
    const workerMap = workerConfigMap(job, { plan: PLAN, schedule: SCHEDULE });
    for (const configMap of [plannerConfigMap(job), plannerConfigMap(job, PLAN), workerMap, finalizerConfigMap(job)]) {
      await apply(CONFIG_MAPS, configMap);
      await expectSecondApplyChangesNothing(CONFIG_MAPS, configMap);
    }
    for (const child of jobsOf(job)) {
      await dryRun.create(PODS, podOf(child));
      await apply(JOBS, child);
      await expectSecondApplyChangesNothing(JOBS, child);
    }
  });

  it('have a pod for each bin by the Job controller, named after their Job', async () => {
    const job = await createJob(name, changes);
    const worker = workerJob(job, { config: CONFIG, attempt: 10, bins: BINS });
    const { namespace, name: workerName } = nameOf(worker);
    await apply(JOBS, worker);
    // As Kueue does when it admits one.
    if (worker.spec?.suspend === true) {
      await adminClient().mergePatch(JOBS, { namespace, name: workerName }, { spec: { suspend: false } });
    }
    await eventually(async () => {
      const { items } = await adminClient().list(PODS, { namespace });
      expect(items.map(({ spec }) => spec?.hostname).sort()).toEqual(BINS.map((_, index) => `${workerName}-${index}`));
      for (const { metadata } of items) expect(metadata?.name).toMatch(new RegExp(`^${workerName}-[012]-[a-z0-9]{5}$`));
    });
  });
});

describe('the server that these tests ask', () => {
  it('refuses a pod that is not restricted', async () => {
    const [planner = {}] = jobsOf(await createJob('control', {}));
    const pod = podOf(planner);
    const { containers = [], volumes = [] } = pod.spec ?? {};
    await expect(dryRun.create(PODS, { ...pod, spec: { containers, volumes } })).rejects.toThrow(/PodSecurity/);
  });

  it('refuses a field that there is not', async () => {
    const map = plannerConfigMap(await createJob('control', {}));
    await expect(apply(CONFIG_MAPS, { ...map, ...{ dta: {} } })).rejects.toThrow(/dta/);
  });
});
