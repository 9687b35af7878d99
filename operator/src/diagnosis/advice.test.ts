import { describe, expect, it } from 'vitest';
import type { Role } from '@distillation/api/words';
import { diagnose } from './diagnose.ts';
import type { PodWarning } from '../objects/snapshot.ts';
import type { WirePod } from '@distillation/kube/wire';
import { ago, childJob, endedPod, JOB, NOW, podOf, runningPod } from '../../test/simulated-cluster/objects.ts';

/** The way out names the field of the manifest from which the pods in question are created. */

const ROLES: readonly Role[] = ['planner', 'worker', 'finalizer'];
const jobs = { planner: childJob('planner'), worker: childJob('worker'), finalizer: childJob('finalizer') };

const told = (
  role: Role,
  pod: WirePod,
  { warning, spec = JOB.spec }: { warning?: PodWarning; spec?: typeof JOB.spec } = {},
) =>
  diagnose({
    pods: [pod],
    podWarnings: new Map(warning === undefined ? [] : [[pod.metadata?.uid ?? '', warning]]),
    claims: undefined,
    spec,
    now: NOW,
    job: { ...jobs[role], status: { active: 1 } },
  });

const unscheduled = (role: Role, message: string): WirePod =>
  podOf(jobs[role], {
    status: {
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: ago(60) },
      ],
    },
  });
const waiting = (role: Role, reason: string, message: string): WirePod =>
  podOf(jobs[role], { node: 'node-a', state: { waiting: { reason, message } } });

const CASES: readonly (readonly [name: string, (role: Role) => WirePod, field: string])[] = [
  [
    'a node selector',
    (role) => unscheduled(role, "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector."),
    '',
  ],
  [
    'a taint',
    (role) => unscheduled(role, '0/1 nodes are available: 1 node(s) had untolerated taint(s).'),
    '.tolerations',
  ],
  ['requests', (role) => unscheduled(role, '0/1 nodes are available: 1 Insufficient memory.'), ' (memory)'],
  [
    'affinity',
    (role) => unscheduled(role, "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules."),
    '',
  ],
  ['an image', (role) => waiting(role, 'ErrImagePull', 'not found'), '.image'],
  ['a command', (role) => waiting(role, 'RunContainerError', 'exec: "plan": not found'), '.image'],
  ['a scheduler', (role) => podOf(jobs[role]), '.schedulerName'],
  [
    'memory',
    (role) => endedPod(jobs[role], 137, { state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }),
    '.resources.limits.memory',
  ],
  [
    'an eviction',
    (role) =>
      podOf(jobs[role], {
        phase: 'Failed',
        status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage.' },
      }),
    '.resources.requests',
  ],
];

describe.each(CASES)('%s', (_, podFor, field) => {
  it.each(ROLES)('of the %s', (role) => {
    const message = told(role, podFor(role))?.message ?? '';
    const [own, other] =
      role === 'finalizer' ? ['finalizerTemplate', 'workerTemplate'] : ['workerTemplate', 'finalizerTemplate'];
    expect(message).toContain(`spec.cluster.${own}${field}`);
    expect(message).not.toContain(other);
    expect(message).not.toContain('{');
  });
});

describe('a job of a class', () => {
  const spec = { ...JOB.spec, cluster: { ...JOB.spec.cluster, className: 'big' } };
  const waits = (role: Role, message: string): string =>
    told(role, unscheduled(role, message), { spec })?.message ?? '';

  it.each(ROLES)('may have what is to be corrected from there: %s', (role) => {
    const message = waits(role, "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.");
    expect(message).toMatch(/What the template leaves out is that of the class big \(spec\.cluster\.className\)\.$/);
  });

  it('is not named where no template is', () => {
    expect(waits('worker', '0/2 nodes are available: 2 Insufficient nvidia.com/gpu.')).not.toContain('class big');
  });
});

describe('GPUs that are in use', () => {
  it.each(ROLES)('only for workers are fewer bins advised: %s', (role) => {
    const { message } = told(role, unscheduled(role, '0/2 nodes are available: 2 Insufficient nvidia.com/gpu.')) ?? {};
    expect(message?.includes('spec.scheduling.bins')).toBe(role === 'worker');
    expect(message).toContain('spec.cluster.gpu.count');
  });
});

describe('a container that a webhook added', () => {
  it('has to be corrected in the webhook', () => {
    const pod = waiting('worker', 'ContainerCreating', '');
    const proxy = {
      name: 'proxy',
      image: 'mesh:1',
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: 'ErrImagePull', message: 'denied' } },
    };
    const message = told('worker', { ...pod, status: { ...pod.status, initContainerStatuses: [proxy] } })?.message;
    expect(message).toMatch(
      /Image mesh:1 of pod .*: denied\. Container proxy was added by a webhook: correct it there/,
    );
    expect(message).not.toContain('workerTemplate');
  });
});

describe('a container that may not run as root', () => {
  it('needs a user', () => {
    const message = told(
      'worker',
      waiting('worker', 'CreateContainerConfigError', 'container has runAsNonRoot and image will run as root'),
    )?.message;
    expect(message).toContain('--run-as-user');
  });
});

describe('an image that is not the worker’s', () => {
  const PROBE =
    'Startup probe failed: Get "http://10.0.0.1:9090/healthz": dial tcp 10.0.0.1:9090: connect: connection refused';
  const probe = (message: string, at = NOW.getTime()): PodWarning => ({ reason: 'Unhealthy', message, at });
  const started = (isUp: boolean): WirePod => {
    const pod = runningPod(jobs.planner);
    const containerStatuses = pod.status?.containerStatuses?.map((each) => ({
      ...each,
      image: 'nginx:1',
      started: isUp,
    }));
    return { ...pod, status: { ...pod.status, ...(containerStatuses && { containerStatuses }) } };
  };

  it('is suspected when it runs and its startup probe fails', () => {
    const problem = told('planner', started(false), { warning: probe(PROBE) });
    expect(problem?.reason).toBe('ProbeFailed');
    expect(problem?.message).toContain(`runs the image nginx:1 and does not answer: ${PROBE}.`);
    expect(problem?.message).toContain('is not one of this project’s worker, correct it');
  });

  it('is not suspected once it has answered, nor because of another probe', () => {
    expect(told('planner', started(true), { warning: probe(PROBE) })).toBeUndefined();
    expect(told('planner', started(false), { warning: probe('Readiness probe failed') })).toBeUndefined();
    expect(told('planner', started(false))).toBeUndefined();
  });

  const killed = endedPod(jobs.planner, 137, { said: 'nginx: ready' });
  const end = Date.parse(ago(20));

  it('is suspected when the kubelet has killed it for that', () => {
    const problem = told('planner', killed, { warning: probe(PROBE, end - 5000) });
    expect(problem?.reason).toBe('ProbeFailed');
    expect(problem?.message).toContain('connection refused. The kubelet ended it for that.');
  });

  it('a worker that hangs is not blamed on memory', () => {
    const problem = told('planner', killed, {
      warning: probe('Liveness probe failed: HTTP probe failed with statuscode: 503', end),
    });
    expect(problem?.reason).toBe('WorkerFailed');
    expect(problem?.message).toContain('statuscode: 503. The kubelet ended it for that.');
  });

  it('is not suspected when the probe failed long before, or the worker reports the cause itself', () => {
    expect(told('planner', killed, { warning: probe(PROBE, end - 200_000) })?.reason).toBe('WorkerFailed');
    const oom = endedPod(jobs.planner, 137, {
      state: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: ago(20) } },
    });
    expect(told('planner', oom, { warning: probe(PROBE, end) })?.reason).toBe('OOMKilled');
  });

  it('is suspected when it lacks the command', () => {
    expect(told('planner', endedPod(jobs.planner, 127, { said: 'exec: plan: not found' }))?.reason).toBe(
      'RunContainerError',
    );
  });
});
