import { roleOf } from '@distillation/api/labels';
import { describe, expect, it } from 'vitest';
import type { Changes } from '../../../packages/api/test/corpus/corpus.ts';
import { Cluster } from '@distillation/api/cluster';
import { finalizerConfigMap, plannerConfigMap, workerConfigMap } from './config-maps.ts';
import { finalizerJob, plannerJob, workerJob } from './jobs.ts';
import { binsOf, attemptNumber } from './labels.ts';
import { CONFIG, FULL_TEMPLATE, PLAN, SCHEDULE, jobObject } from '../../test/children.ts';
import type { WireJob } from '@distillation/kube/wire';

const BINS = [0, 2, 5];

const jobsOf = (changes: Changes = {}, config = CONFIG) => {
  const job = jobObject(changes);
  return {
    planner: plannerJob(job, { config, attempt: 0 }),
    worker: workerJob(job, { config, attempt: 0, bins: BINS }),
    finalizer: finalizerJob(job, { config, attempt: 0 }),
  };
};

const podOf = (job: WireJob) => job.spec?.template.spec;
const containerOf = (job: WireJob) => podOf(job)?.containers[0];
const envOf = (job: WireJob) =>
  Object.fromEntries((containerOf(job)?.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? valueFrom]));

describe('Jobs', () => {
  it('of workers have an index for each bin, each with its own retries', () => {
    const { worker } = jobsOf({ 'spec.cluster.backoffLimit': 5 });
    expect(worker.spec).toMatchObject({
      completionMode: 'Indexed',
      completions: 3,
      parallelism: 3,
      backoffLimitPerIndex: 5,
      podReplacementPolicy: 'Failed',
    });
    expect(worker.spec?.backoffLimit).toBeUndefined();
    expect(binsOf(worker)).toEqual(BINS);
    expect(envOf(worker)['DISTILL_BINS']).toBe('0,2,5');
  });

  it('of planner and finalizer have one pod, with as many retries', () => {
    const { planner, finalizer } = jobsOf({ 'spec.cluster.backoffLimit': 5 });
    for (const job of [planner, finalizer]) {
      expect(job.spec).toMatchObject({ completions: 1, parallelism: 1, backoffLimit: 5 });
      expect(envOf(job)['DISTILL_BINS']).toBeUndefined();
    }
  });

  it('ignore disruptions, fail at once on invalid input, and leave deadline and time to live to the operator', () => {
    for (const [role, job] of Object.entries(jobsOf())) {
      const [done, disrupted, faulty] = job.spec?.podFailurePolicy?.rules ?? [];
      expect(done?.onPodConditions).toEqual([{ type: 'distillation.dev/WorkDone', status: 'True' }]);
      expect(done?.action).toBe(role === 'worker' ? 'FailIndex' : 'FailJob');
      expect(disrupted).toEqual({
        action: 'Ignore',
        onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
      });
      expect(faulty?.action).toBe(role === 'worker' ? 'FailIndex' : 'FailJob');
      expect(faulty?.onExitCodes).toEqual({ containerName: 'worker', operator: 'In', values: [64, 65, 78] });
      expect(job.spec?.activeDeadlineSeconds).toBeUndefined();
      expect(job.spec?.ttlSecondsAfterFinished).toBeUndefined();
    }
  });

  it('start at once, or suspended until their queue admits them', () => {
    for (const job of Object.values(jobsOf())) {
      expect(job.spec?.suspend).toBe(false);
      expect(job.metadata?.labels?.['kueue.x-k8s.io/queue-name']).toBeUndefined();
    }
    for (const job of Object.values(jobsOf({ 'spec.cluster.queueName': 'team-a' }))) {
      expect(job.spec?.suspend).toBe(true);
      expect(job.metadata?.labels?.['kueue.x-k8s.io/queue-name']).toBe('team-a');
    }
  });

  it('mount the ConfigMap of their role and revision, whatever the attempt', () => {
    const job = jobObject();
    const configMapOf = (child: WireJob) =>
      podOf(child)?.volumes?.find((volume) => volume.configMap !== undefined)?.configMap?.name;
    const worker = workerJob(job, { config: CONFIG, attempt: 3, bins: BINS });
    expect(worker.metadata?.name).toMatch(/-3$/);
    expect([roleOf(worker), attemptNumber(worker)]).toEqual(['worker', 3]);
    expect(configMapOf(worker)).toBe(workerConfigMap(job, { plan: PLAN, schedule: SCHEDULE }).metadata?.name);
    expect(configMapOf(jobsOf().planner)).toBe(plannerConfigMap(job).metadata?.name);
    expect(configMapOf(jobsOf().finalizer)).toBe(finalizerConfigMap(job).metadata?.name);
  });

  it('need a volume, and say how to give one', () => {
    expect(() => jobsOf({ 'spec.cluster.volume': undefined })).toThrow(
      expect.objectContaining({
        message: 'The field spec.cluster.volume is absent.',
        fix: expect.stringContaining('claimName') as string,
      }),
    );
  });
});

describe('arguments of the worker', () => {
  it('name the files and volumes that the pod mounts', () => {
    const { planner, worker, finalizer } = jobsOf({ 'spec.cluster.gpu.count': 0 });
    const common = ['--job', '/etc/distillation/job.json', '--volume', '/volumes/work'];
    const listen = ['--listen', '[::]:9090'];
    expect(containerOf(planner)?.args).toEqual(['plan', ...common, ...listen]);
    expect(containerOf(worker)?.args).toEqual([
      'train',
      ...common,
      '--schedule',
      '/etc/distillation/schedule.json',
      '--plan',
      '/etc/distillation/plan.json',
      ...listen,
    ]);
    expect(containerOf(finalizer)?.args).toEqual(['finalize', ...common, ...listen]);
  });

  it('require the GPU that a pod was given, unless the operator was told not to', () => {
    const asks = (job: WireJob) => containerOf(job)?.args?.join(' ').includes('--gpu required');
    const asking = (jobs: Record<string, WireJob>) => Object.values(jobs).map(asks);
    expect(asking(jobsOf())).toEqual([false, true, true]);
    expect(asking(jobsOf({ 'spec.scheduling.costSource': 'Measured' }))).toEqual([true, true, true]);
    expect(asking(jobsOf({ 'spec.cluster.gpu.count': 0 }))).toEqual([false, false, false]);
    expect(asking(jobsOf({}, { ...CONFIG, requireGpu: false }))).toEqual([false, false, false]);
  });
});

describe('resources', () => {
  it('are GPUs for the pods that compute, and small default requests', () => {
    const { planner, worker, finalizer } = jobsOf({ 'spec.cluster.gpu': { resourceName: 'amd.com/gpu', count: 2 } });
    const requests = { cpu: '500m', memory: '1Gi' };
    expect(containerOf(planner)?.resources).toEqual({ requests });
    for (const job of [worker, finalizer]) {
      expect(containerOf(job)?.resources).toEqual({ requests, limits: { 'amd.com/gpu': '2' } });
    }
  });

  it('are the user’s, and no default exceeds a limit of theirs', () => {
    const { worker } = jobsOf({ 'spec.cluster.workerTemplate.resources': { limits: { memory: '512Mi', cpu: 1 } } });
    expect(containerOf(worker)?.resources).toEqual({
      requests: {},
      limits: { memory: '512Mi', cpu: '1', 'nvidia.com/gpu': '1' },
    });
  });
});

describe('volumes', () => {
  it('of teacher and data are read-only where they have claims of their own', () => {
    const { planner } = jobsOf({
      'spec.cluster.teacherVolume': { claimName: 'teachers' },
      'spec.cluster.datasetVolume': { claimName: 'data', subPath: 'public' },
    });
    expect(
      podOf(planner)
        ?.volumes?.slice(0, 3)
        .map((volume) => volume.persistentVolumeClaim),
    ).toEqual([
      { claimName: 'shared' },
      { claimName: 'teachers', readOnly: true },
      { claimName: 'data', readOnly: true },
    ]);
    expect(containerOf(planner)?.volumeMounts?.slice(0, 3)).toEqual([
      { name: 'claim-0', mountPath: '/volumes/work' },
      { name: 'claim-1', mountPath: '/volumes/teacher', readOnly: true },
      { name: 'claim-2', mountPath: '/volumes/dataset', subPath: 'public', readOnly: true },
    ]);
    expect(containerOf(planner)?.args).toEqual(
      expect.arrayContaining(['--teacher-volume', '/volumes/teacher', '--dataset-volume', '/volumes/dataset']),
    );
  });

  it('name a claim once, however many of its folders are mounted', () => {
    const { worker } = jobsOf({
      'spec.cluster.volume': { claimName: 'shared', subPath: 'work' },
      'spec.cluster.datasetVolume': { claimName: 'shared', subPath: 'data' },
    });
    const claims = podOf(worker)?.volumes?.filter((volume) => volume.persistentVolumeClaim !== undefined);
    expect(claims).toEqual([{ name: 'claim-0', persistentVolumeClaim: { claimName: 'shared' } }]);
    expect(containerOf(worker)?.volumeMounts?.slice(0, 2)).toEqual([
      { name: 'claim-0', mountPath: '/volumes/work', subPath: 'work' },
      { name: 'claim-0', mountPath: '/volumes/dataset', subPath: 'data', readOnly: true },
    ]);
  });
});

describe('the user’s template', () => {
  it('is tested below with all fields of the schema', () => {
    const { properties } = Cluster.properties.workerTemplate;
    expect(Object.keys(FULL_TEMPLATE).sort()).toEqual(Object.keys(properties).sort());
  });

  it('has an effect by each of its fields', () => {
    const { worker } = jobsOf({ 'spec.cluster.workerTemplate': FULL_TEMPLATE });
    const { nodeSelector, affinity, priorityClassName, imagePullSecrets, schedulerName, runtimeClassName } =
      FULL_TEMPLATE;
    const { serviceAccountName, automountServiceAccountToken, volumes, volumeMounts, envFrom } = FULL_TEMPLATE;
    expect(podOf(worker)).toMatchObject({
      nodeSelector,
      affinity,
      priorityClassName,
      imagePullSecrets,
      schedulerName,
      runtimeClassName,
      serviceAccountName,
      automountServiceAccountToken,
    });
    expect(podOf(worker)?.volumes).toEqual(expect.arrayContaining([...volumes]));
    expect(containerOf(worker)?.volumeMounts).toEqual(expect.arrayContaining([...volumeMounts]));
    expect(containerOf(worker)?.envFrom).toEqual(envFrom);
    expect(envOf(worker)).toMatchObject({ TOKEN: { secretKeyRef: { name: 'hub', key: '.token' } } });
    expect(containerOf(worker)?.image).toBe(FULL_TEMPLATE.image);
    expect(podOf(worker)?.tolerations).toHaveLength(3);
    expect(podOf(worker)?.tolerations).toEqual(expect.arrayContaining([...FULL_TEMPLATE.tolerations]));
    expect(envOf(worker)).toMatchObject({ TF_CPP_MIN_LOG_LEVEL: '0', HTTPS_PROXY: '' });
    expect(containerOf(worker)?.resources?.limits).toMatchObject({ memory: '16Gi', 'ephemeral-storage': '4Gi' });
  });

  it('gives its labels and annotations to the pods, and not to the Job', () => {
    const { labels, annotations } = FULL_TEMPLATE;
    const plain = jobsOf();
    for (const [role, job] of Object.entries(jobsOf({ 'spec.cluster.workerTemplate': FULL_TEMPLATE }))) {
      const metadata = job.spec?.template.metadata;
      const own = plain[role as keyof typeof plain].spec?.template.metadata?.labels ?? {};
      expect(Object.keys(metadata?.labels ?? {}).sort()).toEqual([...Object.keys(own), ...Object.keys(labels)].sort());
      expect(metadata).toMatchObject({ labels, annotations });
      // The Job itself must not have them: Kueue and others read its labels.
      expect(job.metadata?.labels).not.toHaveProperty('team');
      expect(job.spec).not.toHaveProperty('selector');
    }
    expect(plain.worker.spec?.template.metadata).not.toHaveProperty('annotations');
  });

  it('cannot override a label of the operator’s, even if validation let it pass', () => {
    const job = jobObject();
    const labels = { 'distillation.dev/job-uid': 'another', team: 'vision' };
    const forged = { ...job, spec: { ...job.spec, cluster: { ...job.spec.cluster, workerTemplate: { labels } } } };
    const { metadata } = plannerJob(forged, { config: CONFIG, attempt: 0 }).spec?.template ?? {};
    expect(metadata?.labels).toMatchObject({ 'distillation.dev/job-uid': job.metadata.uid, team: 'vision' });
  });

  it('gives no token unless one is asked for, also to an account that is named', () => {
    const automount = (template: object): unknown =>
      podOf(jobsOf({ 'spec.cluster.workerTemplate': template }).worker)?.automountServiceAccountToken;
    expect(automount({})).toBe(false);
    expect(automount({ serviceAccountName: 'team-a' })).toBe(false);
    expect(automount({ automountServiceAccountToken: true })).toBe(true);
    const { finalizer } = jobsOf({
      'spec.cluster.workerTemplate': { automountServiceAccountToken: true },
      'spec.cluster.finalizerTemplate': { automountServiceAccountToken: false },
    });
    expect(podOf(finalizer)?.automountServiceAccountToken).toBe(false);
  });

  it('when absent leaves the operator’s image and the cluster’s default placement', () => {
    const pod = podOf(jobsOf().worker);
    expect(pod?.containers[0]?.image).toBe(CONFIG.workerImage);
    for (const field of ['nodeSelector', 'affinity', 'priorityClassName', 'schedulerName', 'runtimeClassName']) {
      expect(pod).not.toHaveProperty(field);
    }
  });

  it('of the finalizer overrides the workers’ field by field', () => {
    const { finalizer, planner } = jobsOf({
      'spec.cluster.workerTemplate': FULL_TEMPLATE,
      'spec.cluster.finalizerTemplate': { image: 'finalizer:1', nodeSelector: { pool: 'small' } },
    });
    expect(containerOf(finalizer)?.image).toBe('finalizer:1');
    expect(podOf(finalizer)?.nodeSelector).toEqual({ pool: 'small' });
    expect(podOf(finalizer)?.runtimeClassName).toBe('nvidia');
    expect(containerOf(planner)?.image).toBe(FULL_TEMPLATE.image);
  });

  it('may set how long a pod waits for a dead node; the operator’s default is 30 s', () => {
    const key = 'node.kubernetes.io/unreachable';
    const seconds = (job: WireJob) =>
      podOf(job)
        ?.tolerations?.filter((toleration) => toleration.key === key)
        .map((toleration) => toleration.tolerationSeconds);
    expect(seconds(jobsOf().worker)).toEqual([30]);
    const tolerations = [{ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 600 }];
    expect(seconds(jobsOf({ 'spec.cluster.workerTemplate': { tolerations } }).worker)).toEqual([600]);
  });
});

describe('the environment', () => {
  it('names each variable once and ours last', () => {
    const names = containerOf(jobsOf({ 'spec.cluster.workerTemplate': FULL_TEMPLATE }).worker)?.env?.map(
      ({ name }) => name,
    );
    expect(new Set(names).size).toBe(names?.length);
  });

  it('has an I/O thread for every loader thread', () => {
    const { worker } = jobsOf({ 'spec.dataset.loaderThreads': 12 });
    expect(Number(envOf(worker)['UV_THREADPOOL_SIZE'])).toBeGreaterThan(12);
  });

  it('tells the pod its name and where it may write', () => {
    expect(envOf(jobsOf().finalizer)).toMatchObject({
      POD_NAME: { fieldRef: { fieldPath: 'metadata.name' } },
      NODE_NAME: { fieldRef: { fieldPath: 'spec.nodeName' } },
      POD_IP: { fieldRef: { fieldPath: 'status.podIP' } },
      HOME: '/tmp',
      TMPDIR: '/tmp',
    });
    expect(containerOf(jobsOf().finalizer)?.volumeMounts).toContainEqual({ name: 'scratch', mountPath: '/tmp' });
  });
});

it('user and group are set only if the operator is configured so', () => {
  const bare = { workerImage: CONFIG.workerImage, requireGpu: true, operatorVersion: '1' };
  expect(podOf(jobsOf().worker)?.securityContext).toMatchObject({ runAsUser: 65532, fsGroup: 65532 });
  expect(podOf(jobsOf({}, bare).worker)?.securityContext).toEqual({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  });
});
