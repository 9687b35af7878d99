import { describe, expect, it } from 'vitest';
import type { WireLease } from '@distillation/kube/resources';
import type { WireDeployment } from '@distillation/kube/wire';
import type { JobObject } from '../jobs.ts';
import { judgeDefinition, judgeLeader, judgeOperators, judgeVersion, operatorOf } from './installation.ts';
import { judgeBins, judgeBlocks, judgeClaim, judgeFormer, judgeJob } from './job.ts';
import { judgeGpus } from './nodes.ts';
import type { WireNode } from '../nodes.ts';

const deployment = (args: readonly string[], availableReplicas = 2): WireDeployment => ({
  metadata: { name: 'distillation-operator', namespace: 'distillation-system' },
  spec: {
    replicas: 2,
    selector: {},
    template: { spec: { containers: [{ name: 'operator', image: 'r/distillation-operator:0.1.0', args }] } },
  },
  status: { availableReplicas },
});

it.each([
  { is: 'the same', differences: { missing: [], surplus: [] }, verdict: 'Ok', found: 'DistillationJob v1alpha1' },
  { is: 'not to be read', differences: undefined, verdict: 'Ok', found: 'DistillationJob v1alpha1' },
  {
    is: 'older',
    differences: { missing: ['spec.a', 'spec.b', 'spec.c', 'spec.d'], surplus: ['spec.gone'] },
    verdict: 'Problem',
    found: 'older than this command line: it does not know spec.a, spec.b, spec.c and 1 more',
  },
  {
    is: 'newer',
    differences: { missing: [], surplus: ['spec.next'] },
    verdict: 'Advice',
    found: 'newer than this command line, which does not know spec.next',
  },
])('the definition is $is', ({ differences, verdict, found }) => {
  expect(judgeDefinition(differences)).toMatchObject({ verdict, found });
});

describe('the operator', () => {
  it('is read from its Deployment', () => {
    expect(
      operatorOf(deployment(['--worker-image=w:1', '--namespace', 'a', '--namespace=b', '--lease-name=other'])),
    ).toMatchObject({
      workerImage: 'w:1',
      watches: ['a', 'b'],
      lease: { namespace: 'distillation-system', name: 'other' },
      replicas: { wanted: 2, available: 2 },
    });
  });

  it.each([
    { is: 'not there', deployments: [], verdict: 'Problem', found: 'none is installed' },
    { is: 'for all namespaces', deployments: [deployment([])], verdict: 'Ok', found: '2 of 2 replicas ready' },
    { is: 'for this one', deployments: [deployment(['--namespace=team-a'])], verdict: 'Ok', found: '2 of 2' },
    {
      is: 'for another one',
      deployments: [deployment(['--namespace=other'])],
      verdict: 'Problem',
      found: 'none serves the namespace team-a; served: other',
    },
    { is: 'short of a replica', deployments: [deployment([], 1)], verdict: 'Advice', found: '1 of 2 replicas ready' },
    { is: 'not running', deployments: [deployment([], 0)], verdict: 'Problem', found: '0 of 2 replicas ready' },
  ])('$is', ({ deployments, verdict, found }) => {
    const [check] = judgeOperators(deployments.map(operatorOf), 'team-a');
    expect(check).toMatchObject({ verdict, found: expect.stringContaining(found) as string });
  });

  it('leads when its lease changes between two looks', () => {
    const lease = (resourceVersion: string, holderIdentity: string): WireLease => ({
      metadata: { resourceVersion },
      spec: { holderIdentity },
    });
    expect(judgeLeader(lease('1', 'pod-a'), lease('2', 'pod-a'), 6)).toMatchObject({ verdict: 'Ok', found: 'pod-a' });
    expect(judgeLeader(lease('1', 'pod-a'), lease('1', 'pod-a'), 6)).toMatchObject({
      verdict: 'Problem',
      found: 'pod-a has not renewed its lease for 6 seconds',
    });
    expect(judgeLeader(undefined, undefined, 6).verdict).toBe('Problem');
    expect(judgeLeader(lease('1', 'pod-a'), lease('2', ''), 6).verdict).toBe('Problem');
  });

  it('is of the release of the command line, or not, or does not tell', () => {
    expect(judgeVersion({ image: 'r/o:0.1.0' }, '0.1.0')?.verdict).toBe('Ok');
    expect(judgeVersion({ image: 'r:5000/o:v0.2.0' }, '0.1.0')).toMatchObject({
      verdict: 'Advice',
      found: 'the operator is v0.2.0, this command line 0.1.0',
    });
    for (const image of ['r:5000/o', 'r/o:test', `r/o:0.2.0@sha256:${'0'.repeat(64)}`])
      expect(judgeVersion({ image }, '0.1.0')).toBeUndefined();
  });
});

/** A job with this status, of generation 2. */
function job(status: unknown, cluster: object = { gpu: { resourceName: 'nvidia.com/gpu', count: 2 } }): JobObject {
  return {
    metadata: { name: 'vgg', namespace: 'team-a', generation: 2 },
    spec: { scheduling: { bins: 3 }, cluster },
    status,
  } as JobObject;
}
const says = (status: string, reason: string, observedGeneration = 2) =>
  job({ observedGeneration, conditions: [{ type: 'Succeeded', status, reason, message: 'Its words.' }] });

describe('the job', () => {
  it.each([
    { it: 'nobody looked at', object: job(undefined), verdict: 'Problem', found: 'no operator has looked at it' },
    {
      it: 'that was changed since',
      object: says('Unknown', 'Training', 1),
      verdict: 'Problem',
      found: 'has not seen its last change (generation 2)',
    },
    { it: 'that trains', object: says('Unknown', 'Training'), verdict: 'Ok', found: 'Training: Its words.' },
    {
      it: 'in trouble',
      object: says('Unknown', 'VolumeNotBound'),
      verdict: 'Problem',
      found: 'VolumeNotBound: Its words.',
    },
    {
      it: 'that waits for what its user has yet to bring',
      object: says('Unknown', 'WaitingForInputs'),
      verdict: 'Advice',
      found: 'WaitingForInputs: Its words.',
    },
    {
      it: 'that failed',
      object: says('False', 'TeacherMissing'),
      verdict: 'Problem',
      found: 'TeacherMissing: Its words.',
    },
    { it: 'that succeeded', object: says('True', 'Succeeded'), verdict: 'Ok', found: 'Succeeded: Its words.' },
  ])('$it', ({ object, verdict, found }) => {
    expect(judgeJob(object)).toMatchObject({ verdict, found: expect.stringContaining(found) as string });
  });

  it('names bins and blocks with something to say', () => {
    const object = job({
      bins: [
        { index: 0, state: 'Running', blocks: 2 },
        { index: 1, state: 'Waiting', blocks: 2, message: '0/3 nodes are available.' },
        { index: 2, state: 'Failed', blocks: 1, pod: 'p', message: 'Exit code 70.' },
      ],
      blocks: [
        { name: 'conv1', state: 'Done', epoch: 1 },
        { name: 'conv2', state: 'Failed', epoch: 0, failure: 'DISTILL_E_DEAD_BLOCK' },
      ],
    });
    expect(judgeBins(object).map(({ name, verdict }) => [name, verdict])).toEqual([
      ['bin 1', 'Advice'],
      ['bin 2', 'Problem'],
    ]);
    expect(judgeBlocks(object)).toMatchObject([{ name: 'block conv2', found: 'failed: DISTILL_E_DEAD_BLOCK' }]);
  });

  it('names the student of before where the job was changed', () => {
    expect(judgeFormer(job({}))).toEqual([]);
    expect(judgeFormer(job({ formerStudent: { path: 'out/student', sha256: 'f' } }))).toMatchObject([
      {
        name: 'result',
        verdict: 'Advice',
        found: expect.stringContaining('out/student is that of before') as string,
        remedy: expect.stringContaining('the manifest as it was') as string,
      },
    ]);
  });

  it('has claims that are there, bound, and readable', () => {
    const claim = (phase: string) => ({ status: { phase, accessModes: ['ReadWriteMany'] } });
    const judged = (found: Parameters<typeof judgeClaim>[2]) => judgeClaim('spec.cluster.volume', 'data', found);
    expect(judged(claim('Bound'))).toMatchObject({ verdict: 'Ok', found: 'claim data: Bound, ReadWriteMany' });
    expect(judged(claim('Pending')).verdict).toBe('Advice');
    expect(judged('Missing')).toMatchObject({
      verdict: 'Problem',
      found: 'there is no claim data (spec.cluster.volume)',
    });
    expect(judged('Forbidden').verdict).toBe('Advice');
  });

  it('finds GPUs enough on nodes that are ready', () => {
    const node = (gpus: string | undefined, ready = true): WireNode => ({
      status: {
        allocatable: gpus === undefined ? {} : { 'nvidia.com/gpu': gpus },
        conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      },
    });
    const judged = (...nodes: WireNode[]) => judgeGpus(nodes, job(undefined));
    expect(judged()).toMatchObject({ verdict: 'Problem', found: 'none of 0 nodes is ready' });
    expect(judged(node('8', false)).verdict).toBe('Problem');
    expect(judged(node(undefined))).toMatchObject({ verdict: 'Problem', found: '1 node ready, 0 of nvidia.com/gpu' });
    expect(judged(node('1'), node('1'))).toMatchObject({
      verdict: 'Problem',
      found: expect.stringContaining('none has 2') as string,
    });
    expect(judged(node('4'), node('1'))).toMatchObject({
      verdict: 'Advice',
      found: '2 nodes ready, 5 of nvidia.com/gpu: room for 2 of 3 bins at once',
    });
    expect(judged(node('8'))).toMatchObject({
      verdict: 'Ok',
      found: '1 node ready, 8 of nvidia.com/gpu: room for 3 bins',
    });
    const onProcessors = { gpu: { resourceName: 'nvidia.com/gpu', count: 0 } };
    expect(judgeGpus([node(undefined)], job(undefined, onProcessors)).verdict).toBe('Ok');
  });
});
