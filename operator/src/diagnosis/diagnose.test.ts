import { describe, expect, it } from 'vitest';
import { type Termination, encodeTermination } from '@distillation/api/termination';
import { jobObject } from '../../test/children.ts';
import { type DiagnosisInput, diagnose, wantsPods } from './diagnose.ts';
import type { PodWarning } from '../objects/snapshot.ts';
import type { WireClaim, WireJob, WirePod } from '@distillation/kube/wire';
import { PROBLEMS, severityOf } from '../problems/problems.ts';

/** Objects from a real cluster, reduced to what matters. */

const CREATED = '2026-11-22T20:00:00Z';
const SINCE = '2026-11-22T20:00:05Z';
const NOW = new Date('2026-11-22T20:01:00Z');

type Status = NonNullable<WirePod['status']>;

interface PodChange {
  readonly name?: string;
  readonly index?: number;
  readonly node?: string;
  readonly createdAt?: string;
  readonly deletedAt?: string;
}

function pod(status: Status, { name = 'w-0-abcde', index = 0, node, createdAt, deletedAt }: PodChange = {}): WirePod {
  return {
    metadata: {
      name,
      uid: `uid-of-${name}`,
      creationTimestamp: createdAt ?? CREATED,
      annotations: { 'batch.kubernetes.io/job-completion-index': String(index) },
      ...(deletedAt !== undefined && { deletionTimestamp: deletedAt }),
    },
    spec: {
      containers: [{ name: 'worker', resources: { limits: { memory: '2Gi' } } }],
      ...(node !== undefined && { nodeName: node }),
    },
    status,
  };
}

const container = { name: 'worker', image: 'registry.example/worker:1', imageID: '', ready: false, restartCount: 0 };

const waiting = (reason: string, message?: string, change: PodChange = {}): WirePod =>
  pod(
    {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'True' }],
      containerStatuses: [{ ...container, state: { waiting: { reason, ...(message !== undefined && { message }) } } }],
    },
    { node: 'node-1', ...change },
  );

const unscheduled = (message: string, change: PodChange = {}, reason = 'Unschedulable'): WirePod =>
  pod(
    {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason, message, lastTransitionTime: SINCE }],
    },
    change,
  );

const running = (change: PodChange = {}): WirePod =>
  pod(
    { phase: 'Running', containerStatuses: [{ ...container, state: { running: { startedAt: SINCE } } }] },
    { node: 'node-1', ...change },
  );

interface Ended {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
}

const ended = (terminated: Ended, change: PodChange & { readonly status?: Status } = {}): WirePod =>
  pod(
    {
      phase: terminated.exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: [{ ...container, state: { terminated: { ...terminated, finishedAt: SINCE } } }],
      ...change.status,
    },
    { node: 'node-1', ...change },
  );

const said = (termination: Termination): string => encodeTermination(termination) ?? '';

const diskFull = said({
  type: 'Error',
  code: 'DISTILL_E_DISK_FULL',
  reason: 'DiskFull',
  message: 'No space left on /volumes/work/jobs/sample.',
  fix: 'Free space on the volume.',
});

const claim = (phase: string, ...modes: readonly string[]): WireClaim => ({
  metadata: { name: 'shared', creationTimestamp: CREATED },
  spec: { accessModes: modes },
  status: { phase, ...(phase === 'Bound' && { accessModes: modes }) },
});
const claims = (shared: WireClaim | undefined): ReadonlyMap<string, WireClaim | undefined> =>
  new Map([['shared', shared]]);
const BOUND = claims(claim('Bound', 'ReadWriteMany'));

const warnings = (entries: Readonly<Record<string, PodWarning>>): ReadonlyMap<string, PodWarning> =>
  new Map(Object.entries(entries));

const troubleOf = (input: Partial<DiagnosisInput>) =>
  diagnose({ pods: [], podWarnings: new Map(), claims: BOUND, spec: jobObject().spec, now: NOW, ...input });

describe('no problem', () => {
  it.each<readonly [string, Partial<DiagnosisInput>]>([
    ['there are no pods yet', {}],
    ['the pods run', { pods: [running(), running({ name: 'w-1-abcde', index: 1 })] }],
    ['a pod was just made', { pods: [pod({ phase: 'Pending' }, { createdAt: '2026-11-22T20:00:50Z' })] }],
    ['a container is being made', { pods: [waiting('ContainerCreating')] }],
    ['a pod is done', { pods: [ended({ exitCode: 0, reason: 'Completed' })] }],
    [
      'a pod was told to stop, and did',
      {
        pods: [
          ended({
            exitCode: 75,
            message: said({ type: 'Error', code: 'DISTILL_E_STOPPED', reason: 'Stopped', message: 'SIGTERM', fix: '' }),
          }),
        ],
      },
    ],
    ['a waiting pod is being deleted', { pods: [unscheduled('0/1 nodes', { deletedAt: SINCE })] }],
    [
      'the pod after the failed one runs',
      { pods: [running({ name: 'w-0-new', createdAt: SINCE }), ended({ exitCode: 137, reason: 'OOMKilled' })] },
    ],
    [
      'it runs, though made within the same second',
      { pods: [running({ name: 'w-0-aaaaa' }), ended({ exitCode: 75 }, { name: 'w-0-zzzzz' })] },
    ],
    [
      'a bin was given up and others go on',
      {
        pods: [ended({ exitCode: 75, message: diskFull }), running({ name: 'w-1-abcde', index: 1 })],
        job: { spec: { template: {}, parallelism: 2 }, status: { active: 1, failedIndexes: '0' } },
      },
    ],
    ['a claim waits for its first pod, and that is running', { pods: [running()], claims: claims(claim('Pending')) }],
    ['nobody may read the claims', { pods: [running()], claims: undefined }],
    [
      'a pod that runs has warned of its volume before',
      { pods: [running()], podWarnings: warnings({ 'uid-of-w-0-abcde': { reason: 'FailedMount', message: 'x' } }) },
    ],
  ])('when %s', (_, input) => {
    expect(troubleOf(input)).toBeUndefined();
  });
});

describe('a pod that no node takes', () => {
  const PREEMPTION =
    ' preemption: 0/2 nodes are available: 1 Preemption is not helpful for scheduling, 1 No preemption victims found for incoming pod.';

  it.each([
    ['0/2 nodes are available: 2 Insufficient nvidia.com/gpu.', /spec\.cluster\.gpu\.count.*gpu\.resourceName/],
    [
      '0/2 nodes are available: 1 Insufficient cpu, 2 Insufficient memory.',
      /resources\.requests of spec\.cluster\.workerTemplate \(cpu, memory\)/,
    ],
    ['0/1 nodes are available: 1 node(s) had untolerated taint(s).', /workerTemplate\.tolerations/],
    ['0/1 nodes are available: 1 node(s) had untolerated taint {gpu: yes}.', /workerTemplate\.tolerations/],
    ["0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.", /nodeSelector and affinity/],
    ["0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.", /Loosen the affinity/],
    ['0/3 nodes are available: 3 node(s) had volume node affinity conflict.', /some nodes only/],
    ['0/3 nodes are available: 3 Too many pods.', /more pods/],
    ['0/1 nodes are available: 1 node(s) were unschedulable.', /uncordon/],
    ['no nodes available to schedule pods', /Add nodes/],
    ['something new', /as soon as a node has room/],
  ])('keeps the scheduler’s words and adds the way out: %s', (message, fix) => {
    const problem = troubleOf({ pods: [unscheduled(`${message}${PREEMPTION}`)] });
    expect(problem).toMatchObject({ reason: 'Unschedulable', podName: 'w-0-abcde', since: SINCE });
    expect(problem?.message).toContain(`No node takes pod w-0-abcde: ${message.replace(/\.$/, '')}.`);
    expect(problem?.message).toMatch(fix);
    expect(problem?.message).not.toContain('reemption');
  });

  it('names the GPU by the resource that the job asks for', () => {
    const { spec } = jobObject({ 'spec.cluster.gpu': { resourceName: 'nvidia.com/mig-1g.5gb', count: 2 } });
    const problem = troubleOf({
      spec,
      pods: [unscheduled('0/2 nodes are available: 2 Insufficient nvidia.com/mig-1g.5gb.')],
    });
    expect(problem?.message).toContain('2 nvidia.com/mig-1g.5gb of one node are free');
    expect(problem?.message).not.toContain('resources.requests');
  });

  it('is reported once, with the number of such pods', () => {
    const message = '0/2 nodes are available: 2 Insufficient nvidia.com/gpu.';
    const pods = [3, 1, 2].map((index) => unscheduled(message, { index, name: `w-${index}-abcde` }));
    expect(troubleOf({ pods })?.message).toMatch(/pod w-1-abcde: .*gpu\. The same of 2 more pods\. /);
  });

  it('whose scheduler does not exist', () => {
    const stuck = pod({ phase: 'Pending' });
    const named = { ...stuck, spec: { containers: [], schedulerName: 'volcano' } };
    expect(troubleOf({ pods: [named] })).toMatchObject({ reason: 'NoScheduler', since: CREATED });
    expect(troubleOf({ pods: [named] })?.message).toContain('No scheduler named volcano has looked at pod w-0-abcde.');
  });

  it('that a gate holds back', () => {
    const message = 'Scheduling is blocked due to non-empty scheduling gates';
    expect(troubleOf({ pods: [unscheduled(message, {}, 'SchedulingGated')] })?.reason).toBe('SchedulingGated');
  });
});

describe('a container that does not start', () => {
  const PULL =
    'rpc error: code = NotFound desc = failed to pull and unpack image "registry.example/worker:1": not found';

  it('for want of its image, with one message while pulls and back-offs alternate', () => {
    const pull = troubleOf({ pods: [waiting('ErrImagePull', PULL)] });
    const pause = troubleOf({
      pods: [waiting('ImagePullBackOff', `Back-off pulling image "registry.example/worker:1": ErrImagePull: ${PULL}`)],
    });
    expect(pause).toEqual(pull);
    expect(pull?.reason).toBe('ImagePullBackOff');
    expect(pull?.message).toContain(`Image registry.example/worker:1 of pod w-0-abcde: ${PULL}.`);
    expect(pull?.message).toContain('imagePullSecrets');
  });

  it.each([
    ['ImagePullBackOff', 'Back-off pulling image "registry.example/worker:1"', 'ImagePullBackOff', 'cannot be pulled'],
    ['InvalidImageName', 'couldn\'t parse image name "A B"', 'ImagePullBackOff', 'A B'],
    ['ErrImageNeverPull', 'Container image "x" is not present with pull policy of Never', 'ImagePullBackOff', 'Never'],
    ['CreateContainerConfigError', 'secret "env" not found', 'CreateContainerConfigError', 'secret "env" not found'],
    [
      'CreateContainerConfigError',
      'container has runAsNonRoot and image will run as root',
      'CreateContainerConfigError',
      'runAsNonRoot',
    ],
    ['CreateContainerError', 'context deadline exceeded', 'CreateContainerError', 'deadline'],
    ['RunContainerError', 'failed to create containerd task', 'RunContainerError', 'containerd task'],
  ])('by %s: %s', (kubelets, message, ...[reason, words]) => {
    const problem = troubleOf({ pods: [waiting(kubelets, message)] });
    expect(problem).toMatchObject({ reason, podName: 'w-0-abcde', since: CREATED });
    expect(problem?.message).toContain(words);
  });

  it('because of a container that a webhook added', () => {
    const stuck = waiting('PodInitializing');
    const sidecar = {
      ...container,
      name: 'proxy',
      image: 'mesh/init:7',
      state: { waiting: { reason: 'ErrImagePull' } },
    };
    const problem = troubleOf({ pods: [{ ...stuck, status: { ...stuck.status, initContainerStatuses: [sidecar] } }] });
    expect(problem?.message).toContain('Image mesh/init:7 of pod w-0-abcde: cannot be pulled.');
  });

  it.each([
    ['FailedMount', 'MountVolume.SetUp failed for volume "nfs" : mount failed: exit status 32', 'VolumeNotMounted'],
    ['FailedAttachVolume', 'AttachVolume.Attach failed for volume "pvc-1" : rpc error', 'VolumeNotMounted'],
    ['FailedCreatePodSandBox', 'plugin type="bridge" failed (add): no IP addresses available', 'NetworkNotReady'],
  ])('by its event %s', (event, message, reason) => {
    const podWarnings = warnings({ 'uid-of-w-0-abcde': { reason: event, message } });
    const problem = troubleOf({ pods: [waiting('ContainerCreating')], podWarnings });
    expect(problem?.reason).toBe(reason);
    expect(problem?.message).toContain(message);
  });
});

describe('volume claims', () => {
  it('that do not exist, by the field that names them', () => {
    const problem = troubleOf({ claims: claims(undefined), pods: [unscheduled('anything')] });
    expect(problem).toMatchObject({ reason: 'VolumeNotFound', since: CREATED });
    expect(problem?.message).toContain('There is no claim shared (spec.cluster.volume).');
  });

  it('that do not exist, by the scheduler’s message where the operator may not read claims', () => {
    const message = '0/1 nodes are available: persistentvolumeclaim "shared" not found. not found';
    expect(troubleOf({ claims: undefined, pods: [unscheduled(message)] })?.reason).toBe('VolumeNotFound');
  });

  it('that lost their volume', () => {
    expect(troubleOf({ claims: claims(claim('Lost', 'ReadWriteMany')) })?.reason).toBe('VolumeNotBound');
  });

  it.each([
    [
      'as the scheduler says',
      unscheduled('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.'),
    ],
    ['as the scheduler waits in silence for a volume to be made', pod({ phase: 'Pending' })],
  ])('that have no volume yet, %s', (_, stuck) => {
    const problem = troubleOf({ claims: claims(claim('Pending', 'ReadWriteMany')), pods: [stuck] });
    expect(problem?.reason).toBe('VolumeNotBound');
    expect(problem?.message).toContain('Claim shared (spec.cluster.volume) has no volume yet');
  });

  const narrow = claims(claim('Bound', 'ReadWriteOnce'));
  const event = (reason: string, message: string) => warnings({ 'uid-of-w-1-abcde': { reason, message } });
  const MULTI = 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) w-0-abcde';
  const UNMOUNTED =
    'Unable to attach or mount volumes: unmounted volumes=[claim-0]: timed out waiting for the condition';
  const second = (stuck: WirePod): WirePod => ({
    ...stuck,
    metadata: {
      ...stuck.metadata,
      name: 'w-1-abcde',
      uid: 'uid-of-w-1-abcde',
      annotations: { 'batch.kubernetes.io/job-completion-index': '1' },
    },
  });

  it.each<readonly [string, Partial<DiagnosisInput>]>([
    [
      'by an event of the attach controller',
      { pods: [running(), second(waiting('ContainerCreating'))], podWarnings: event('FailedAttachVolume', MULTI) },
    ],
    [
      'by the kubelet of another node that waits for it',
      {
        pods: [running(), second(waiting('ContainerCreating', undefined, { node: 'node-2' }))],
        podWarnings: event('FailedMount', UNMOUNTED),
      },
    ],
    [
      'by a scheduler that may not leave the volume’s node',
      {
        pods: [running(), second(unscheduled('0/2 nodes are available: 1 node(s) had volume node affinity conflict.'))],
      },
    ],
    [
      'by a scheduler, when only one pod at a time may use it',
      {
        claims: claims(claim('Bound', 'ReadWriteOncePod')),
        pods: [
          running(),
          second(
            unscheduled(
              '0/2 nodes are available: 2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.',
            ),
          ),
        ],
      },
    ],
  ])('that are not for several nodes: %s', (_, input) => {
    const problem = troubleOf({ claims: narrow, ...input });
    expect(problem).toMatchObject({ reason: 'VolumeAccessMode', podName: 'w-1-abcde' });
    expect(problem?.message).toMatch(/Claim shared \(spec\.cluster\.volume\) is ReadWriteOnce.*ReadWriteMany/);
  });

  it('of one node are no problem of a pod that waits for something else', () => {
    const gpu = second(unscheduled('0/1 nodes are available: 1 Insufficient nvidia.com/gpu.'));
    expect(troubleOf({ claims: narrow, pods: [running(), gpu] })?.reason).toBe('Unschedulable');
    const podWarnings = event('FailedMount', 'configmap "sample-worker" not found');
    const other = second(waiting('ContainerCreating', undefined, { node: 'node-2' }));
    expect(troubleOf({ claims: narrow, pods: [running(), other], podWarnings })?.reason).toBe('VolumeNotMounted');
  });
});

describe('a pod that failed and is followed by another', () => {
  it('for want of memory', () => {
    const problem = troubleOf({ pods: [ended({ exitCode: 137, reason: 'OOMKilled' })] });
    expect(problem).toMatchObject({ reason: 'OOMKilled', podName: 'w-0-abcde', since: SINCE });
    expect(problem?.message).toMatch(/memory limit of 2Gi.*resources\.limits\.memory/);
  });

  it('by an error of the worker, in its own words', () => {
    const problem = troubleOf({ pods: [ended({ exitCode: 75, reason: 'Error', message: diskFull })] });
    expect(problem).toEqual({
      reason: 'DiskFull',
      message: 'Pod w-0-abcde: No space left on /volumes/work/jobs/sample. Free space on the volume.',
      podName: 'w-0-abcde',
      since: SINCE,
    });
  });

  it.each([
    ['with the end of its log', { exitCode: 139, message: 'Segmentation fault' }, /exit code 139.*Segmentation fault/],
    ['killed by hand', { exitCode: 137, reason: 'Error' }, /killed \(exit code 137\)/],
    ['without a word', { exitCode: 1, reason: 'Error' }, /exit code 1 and no message/],
  ])('%s', (_, terminated, words) => {
    const problem = troubleOf({ pods: [ended(terminated)] });
    expect(problem?.reason).toBe('WorkerFailed');
    expect(problem?.message).toMatch(words);
  });

  it('because its image may not be a worker', () => {
    for (const exitCode of [1, 2, 64, 65, 78]) {
      const problem = troubleOf({ pods: [ended({ exitCode, message: 'usage: other' })] });
      expect(problem?.reason).toBe('WorkerFailed');
      expect(problem?.message).toMatch(
        /its log ends: usage: other\. The worker says how it ended, and this did not: if the image/,
      );
    }
  });

  it('because its image is not a worker', () => {
    const message = 'failed to create containerd task: exec: "worker": executable file not found in $PATH: unknown';
    const problem = troubleOf({ pods: [ended({ exitCode: 128, reason: 'StartError', message })] });
    expect(problem?.reason).toBe('RunContainerError');
    expect(problem?.message).toContain('executable file not found');
  });

  it.each([
    ['PreemptionByScheduler', 'default-scheduler: preempting to accommodate a higher priority pod', 'Preempted'],
    ['EvictionByEvictionAPI', 'Eviction API: evicting', 'Evicted'],
    ['DeletionByTaintManager', 'Taint manager: deleting due to NoExecute taint', 'NodeLost'],
  ])('by %s', (reason, message, expected) => {
    const conditions = [{ type: 'DisruptionTarget', status: 'True', reason, message }];
    const problem = troubleOf({ pods: [ended({ exitCode: 143 }, { status: { phase: 'Failed', conditions } })] });
    expect(problem?.reason).toBe(expected);
    expect(problem?.message).toContain(`on node node-1: ${message}.`);
  });

  it.each([
    ['Evicted', 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 90Mi. ', 'Evicted'],
    ['Preempting', 'Preempted in order to admit critical pod', 'Preempted'],
    [
      'UnexpectedAdmissionError',
      'Allocate failed due to no healthy devices present; cannot allocate unhealthy devices nvidia.com/gpu, which is unexpected',
      'NodeRefusedPod',
    ],
    [
      'OutOfnvidia.com/gpu',
      "Node didn't have enough resource: nvidia.com/gpu, requested: 1, used: 1",
      'NodeRefusedPod',
    ],
  ])('that never ran or left no exit code: %s', (reason, message, expected) => {
    const problem = troubleOf({ pods: [pod({ phase: 'Failed', reason, message }, { node: 'node-1' })] });
    expect(problem?.reason).toBe(expected);
    expect(problem?.message).toContain(`Pod w-0-abcde on node node-1: ${reason}: ${message.trim()}`);
  });
});

describe('pods that cannot be created', () => {
  const job = (change: Partial<NonNullable<WireJob['status']>> = {}): WireJob => ({
    metadata: { name: 'w', uid: 'uid-of-job', labels: { 'distillation.dev/role': 'worker' } },
    spec: { template: {}, parallelism: 3, completions: 3, suspend: false },
    status: { active: 1, ...change },
  });
  const refused = (message: string) => warnings({ 'uid-of-job': { reason: 'FailedCreate', message } });
  const QUOTA =
    'Error creating: pods "w-1-x7k2p" is forbidden: exceeded quota: gpus, requested: requests.nvidia.com/gpu=1, used: requests.nvidia.com/gpu=1, limited: requests.nvidia.com/gpu=1';

  it.each([
    [QUOTA, 'QuotaExceeded', /exceeded quota: gpus.*spec\.scheduling\.bins/],
    [
      'Error creating: pods "w-1-x7k2p" is forbidden: violates PodSecurity "restricted:latest": privileged (container "x")',
      'PodSecurityViolation',
      /violates PodSecurity/,
    ],
    [
      'Error creating: pods "w-1-x7k2p" is forbidden: maximum memory usage per Container is 1Gi, but limit is 16Gi',
      'PodsRefused',
      /maximum memory usage/,
    ],
  ])('%s', (message, reason, words) => {
    const problem = troubleOf({ pods: [running()], job: job(), podWarnings: refused(message) });
    expect(problem?.reason).toBe(reason);
    expect(problem?.message).toMatch(words);
    expect(problem?.podName).toBeUndefined();
    expect(problem?.message).not.toContain('x7k2p');
  });

  it.each<readonly [string, WireJob, boolean]>([
    ['wants more', job(), true],
    ['has all', job({ active: 3 }), false],
    ['has those that are left to do', job({ active: 1, succeeded: 1, failedIndexes: '2' }), false],
    ['is over', job({ conditions: [{ type: 'Failed', status: 'True' }] }), false],
    ['is suspended', { ...job(), spec: { template: {}, parallelism: 3, suspend: true } }, false],
  ])('count only while the Job lacks pods: one that %s', (_, owner, expected) => {
    expect(wantsPods(owner)).toBe(expected);
    const problem = troubleOf({ pods: [running()], job: owner, podWarnings: refused(QUOTA) });
    expect(problem !== undefined).toBe(expected);
  });
});

describe('of several problems', () => {
  it('the most severe is reported, whatever the order of the pods', () => {
    const pods = [
      unscheduled('0/2 nodes are available: 2 Insufficient nvidia.com/gpu.'),
      waiting('ErrImagePull', 'not found', { name: 'w-1-abcde', index: 1 }),
      ended({ exitCode: 137, reason: 'OOMKilled' }, { name: 'w-2-abcde', index: 2 }),
    ];
    expect(troubleOf({ pods })?.reason).toBe('ImagePullBackOff');
    expect(troubleOf({ pods: [...pods].reverse() })).toEqual(troubleOf({ pods }));
    expect(troubleOf({ pods, claims: claims(undefined) })?.reason).toBe('VolumeNotFound');
  });

  it('a failed worker is more severe than a queue, and every reason has a way out', () => {
    expect(severityOf('DiskFull')).toBeLessThan(severityOf('Unschedulable'));
    for (const [reason, fix] of Object.entries(PROBLEMS)) {
      expect(reason).toMatch(/^[A-Z][A-Za-z]+$/);
      expect(fix).toMatch(/\.$/);
    }
  });
});

it('text of any length from outside becomes a message of bounded length', () => {
  const problem = troubleOf({ pods: [waiting('CreateContainerError', 'x'.repeat(100_000))] });
  expect(problem?.message.length).toBeLessThan(1500);
});
