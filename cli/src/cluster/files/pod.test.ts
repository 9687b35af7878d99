import { ApiError } from '@distillation/kube/api-error';
import type { WirePod } from '@distillation/kube/wire';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, notStarted } from './exec.ts';
import { refusal } from './files-pod.ts';
import { filesPod, isLeftOver, mountsOf } from './pod.ts';
import { settingsOfOperator } from './settings.ts';
import { troubleOf } from './trouble.ts';

const settings = { image: 'worker:1', runAsUser: 1000, fsGroup: 2000 };

describe('the pod', () => {
  it('mounts a claim once, however many folders of it are needed, and stays on the node that holds it', () => {
    const mounts = mountsOf({
      volume: { claimName: 'all', subPath: 'team' },
      teacherVolume: { claimName: 'all', subPath: 'models' },
      datasetVolume: { claimName: 'data' },
    });
    const resources = { requests: { memory: '1Gi' } };
    const { spec } = filesPod({
      name: 'x',
      namespace: 'y',
      settings,
      mounts,
      readOnly: true,
      resources,
      node: 'node1',
      timeoutSeconds: 300,
    });
    expect(spec?.containers[0]?.resources).toEqual(resources);
    expect(spec?.volumes?.flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? [])).toEqual(['all', 'data']);
    expect(spec?.containers[0]?.volumeMounts?.slice(0, 3)).toEqual([
      { name: 'claim-0', mountPath: '/volumes/work', subPath: 'team', readOnly: true },
      { name: 'claim-0', mountPath: '/volumes/teacher', subPath: 'models', readOnly: true },
      { name: 'claim-1', mountPath: '/volumes/dataset', readOnly: true },
    ]);
    expect(JSON.stringify(spec?.affinity)).toContain('"values":["node1"]');
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsUser: 1000, fsGroup: 2000 },
    });
  });

  it('has nothing to mount without a claim', () => {
    expect(() => mountsOf({})).toThrow('spec.cluster.volume');
  });
});

it.each([
  [['--worker-image=w:1', '--run-as-user=none', '--fs-group=7'], { image: 'w:1', runAsUser: undefined, fsGroup: 7 }],
  [['--worker-image', 'w:2'], { image: 'w:2', runAsUser: 65532, fsGroup: 65532 }],
  [['--leader-elect'], undefined],
])('the operator’s arguments %j say how pods are run', (args, said) => {
  const containers = [{ name: 'operator', args }];
  const spec = { selector: {}, template: { spec: { containers } } };
  const found = settingsOfOperator({ spec });
  if (said === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(said);
});

describe('what keeps the pod from running', () => {
  const pod = (status: NonNullable<WirePod['status']>): WirePod => ({
    spec: { containers: [{ name: 'files', image: 'worker:1' }] },
    status,
  });
  const waiting = (reason: string, message = ''): WirePod =>
    pod({
      containerStatuses: [
        {
          name: 'files',
          image: '',
          imageID: '',
          ready: false,
          restartCount: 0,
          state: { waiting: { reason, message } },
        },
      ],
    });
  const unplaced = (message: string): WirePod =>
    pod({ conditions: [{ type: 'PodScheduled', status: 'False', message }] });
  const event = (note: string) => ({ type: 'Warning', reason: 'FailedMount', note, metadata: {}, eventTime: '' });

  it.each([
    [waiting('ImagePullBackOff', 'no such image'), 'The image worker:1 cannot be pulled: no such image', true],
    [waiting('ErrImagePull'), 'The image worker:1 cannot be pulled', false],
    [
      waiting('CreateContainerConfigError', 'runAsNonRoot'),
      'The container cannot be started (CreateContainerConfigError)',
      true,
    ],
    [unplaced('0/2 nodes: 2 Insufficient cpu.'), 'No node takes the pod: 0/2 nodes', false],
    [
      unplaced('1 node(s) had volume node affinity conflict'),
      'The node that holds the claim takes no further pod',
      false,
    ],
    [unplaced('pod has unbound immediate PersistentVolumeClaims'), 'The claim has no volume', false],
    [unplaced('persistentvolumeclaim "x" not found'), 'The claim is gone', true],
    [pod({ phase: 'Failed', reason: 'Evicted' }), 'The pod ended before anything could be done: Evicted', true],
  ])('%# is told and decided', (found, message, final) => {
    expect(troubleOf(found, [])).toMatchObject({ message: expect.stringContaining(message) as string, final });
  });

  it('is read from events where the pod does not say it', () => {
    const starting = waiting('ContainerCreating');
    expect(troubleOf(starting, [])).toBeUndefined();
    expect(troubleOf(starting, [event('Multi-Attach error for volume')])?.message).toContain('in use on another node');
    expect(troubleOf(starting, [event('no such device')])?.message).toBe('FailedMount: no such device');
  });
});

it.each([
  { phase: 'Succeeded', age: 1, left: true },
  { phase: 'Failed', age: 1, left: true },
  { phase: 'Running', age: 80_000, left: false },
  { phase: 'Pending', age: 800, left: false },
  { phase: 'Pending', age: 1000, left: true },
])('a pod that is $phase for $age s is left over: $left', ({ phase, age, left }) => {
  const mounts = mountsOf({ volume: { claimName: 'all' } });
  const pod = filesPod({
    name: 'x',
    namespace: 'y',
    settings: { image: 'w:1' },
    mounts,
    readOnly: true,
    resources: {},
    timeoutSeconds: 300,
  });
  const now = new Date('2026-01-01T12:00:00Z');
  const creationTimestamp = new Date(now.getTime() - age * 1000).toISOString();
  expect(isLeftOver({ ...pod, metadata: { ...pod.metadata, creationTimestamp }, status: { phase } }, now)).toBe(left);
  // One of an earlier release does not say how long it is waited for.
  expect(isLeftOver({ metadata: { creationTimestamp }, status: { phase: 'Pending' } }, now)).toBe(false);
});

describe('what the API server refuses', () => {
  it.each([
    ['pods "x" is forbidden: violates PodSecurity "restricted:latest"', 'DISTILL_E_FILES_POD', 'worker.runAsUser'],
    ['pods "x" is forbidden: exceeded quota: q', 'DISTILL_E_FILES_POD', 'quota'],
    [
      'pods is forbidden: User "u" cannot create resource "pods" in API group "" in the namespace "team"',
      'DISTILL_E_CLUSTER_FORBIDDEN',
      'role `edit`',
    ],
  ])('%s', (message, code, fix) => {
    const error = refusal(new ApiError({ status: 403, reason: 'Forbidden', message }), 'team');
    expect(error).toMatchObject({ code, fix: expect.stringContaining(fix) as string });
    expect(error?.message).toContain(message);
  });

  it('of exec', () => {
    const place = { namespace: 'team', pod: 'p' };
    const event = { type: 'error', message: 'Unexpected server response: 403' };
    expect(notStarted(event, place)).toMatchObject({ code: 'DISTILL_E_CLUSTER_FORBIDDEN' });
    expect(notStarted(new Error('connect ECONNREFUSED'), place)).toMatchObject({ code: 'DISTILL_E_TRANSFER' });
  });

  it('tells exit codes from failures of the API server', () => {
    expect(exitCodeOf({ status: 'Success' })).toBe(0);
    expect(exitCodeOf({ status: 'Failure', details: { causes: [{ reason: 'ExitCode', message: '75' }] } })).toBe(75);
    expect(exitCodeOf({ status: 'Failure' })).toBeUndefined();
  });
});
