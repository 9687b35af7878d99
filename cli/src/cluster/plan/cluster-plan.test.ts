import type { DistillationJobSpec } from '@distillation/api/job';
import { parseManifest } from '@distillation/api/manifest';
import type { Plan } from '@distillation/api/plan';
import type { WireDeployment, WirePod } from '@distillation/kube/wire';
import { describe, expect, it } from 'vitest';
import { type Changes, manifestWith } from '../../../../packages/api/test/corpus/corpus.ts';
import { roomLines } from '../../present/tables/room-table.ts';
import type { WireNode } from '../nodes.ts';
import { clusterPlan } from './cluster-plan.ts';
import { planDocument } from './document.ts';
import { givenBy, type Surroundings } from './room.ts';
import type { WireQuota } from './quotas.ts';

const specWith = (changes: Changes = {}): DistillationJobSpec =>
  parseManifest(JSON.stringify(manifestWith({ 'spec.scheduling.bins': 4, ...changes })), 'job.json', 'Cluster').spec;

/** Four blocks of a minute an epoch. */
const plan = (costUnit: Plan['costUnit'] = 'Second') =>
  ({
    blocks: ['a', 'b', 'c', 'd'].map((name) => ({ name, cost: { prefix: 0, own: 60 } })),
    epochs: 3,
    costUnit,
    costSource: costUnit === 'MAC' ? 'Estimated' : 'Measured',
  }) as unknown as Plan;

const GPU = 'nvidia.com/gpu';
const node = (name: string, gpus: number, more: Partial<NonNullable<WireNode['spec']>> = {}): WireNode => ({
  metadata: { name, labels: { zone: name } },
  spec: more,
  status: {
    allocatable: { cpu: '3920m', memory: '16000000Ki', pods: '110', [GPU]: `${gpus}`, 'hugepages-2Mi': '0' },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});
const podOn = (nodeName: string, requests: Record<string, string>, phase = 'Running'): WirePod => ({
  spec: { nodeName, containers: [{ name: 'c', resources: { requests } }] },
  status: { phase },
});
const quota = (hard: Record<string, string>, used: Record<string, string> = {}, spec = {}): WireQuota => ({
  metadata: { name: 'team' },
  spec,
  status: { hard, used },
});

const ROOMY: Surroundings = {
  defaults: {},
  quotas: [],
  nodes: [node('n1', 2), node('n2', 2)],
  pods: [],
  onOneNode: false,
};
const planned = (seen: Partial<Surroundings> = {}, changes: Changes = {}, of = plan()) =>
  clusterPlan(specWith(changes), of, { ...ROOMY, ...seen });

describe('a plan on a cluster', () => {
  it('tells time and GPU-hours by costs that are times, and neither by counted ones', () => {
    expect(planned().expected).toEqual({ trainingSeconds: 180, gpuHours: 0.2 });
    expect(planned({}, { 'spec.cluster.gpu.count': 0 }).expected).toEqual({ trainingSeconds: 180 });
    expect(planned({}, {}, plan('MAC')).expected).toBeUndefined();
    expect(roomLines(planned({}, {}, plan('MAC')), 200).find((line) => line.startsWith('time'))).toContain('not known');
  });

  it('asks for what the operator will ask for, its defaults among it', () => {
    const { pods, atOnce } = planDocument(planned({ defaults: { resources: { requests: { memory: '2Gi' } } } }));
    expect(pods).toEqual([
      { role: 'planner', pods: 1, requests: { cpu: '500m', memory: '2Gi' }, limits: {} },
      { role: 'worker', pods: 4, requests: { [GPU]: '1', cpu: '500m', memory: '2Gi' }, limits: { [GPU]: '1' } },
      { role: 'finalizer', pods: 1, requests: { [GPU]: '1', cpu: '500m', memory: '2Gi' }, limits: { [GPU]: '1' } },
    ]);
    expect(atOnce).toEqual({ [GPU]: '4', cpu: '2', memory: '8Gi' });
  });

  it('takes the class that the job names, and says so where the operator has none of that name', () => {
    const flags = {
      'pod-defaults': { resources: { requests: { memory: '2Gi' } }, schedulerName: 'of-all' },
      'pod-classes': { big: { resources: { requests: { memory: '64Gi' } } } },
    };
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${JSON.stringify(value)}`);
    const operator: WireDeployment = {
      spec: { selector: {}, template: { spec: { containers: [{ name: 'operator', args }] } } },
    };
    expect(givenBy(operator, { className: 'big' })).toEqual({
      defaults: { schedulerName: 'of-all', resources: { requests: { memory: '64Gi' } } },
    });
    expect(givenBy(operator, {})).toEqual({ defaults: flags['pod-defaults'] });
    const unknown = givenBy(operator, { className: 'constructor' });
    expect(unknown).toMatchObject({ unknownClass: 'constructor' });
    expect(roomLines(planned(unknown), 200).join('\n')).toContain(
      'every pod, until the operator has the class constructor (ClassNotFound)',
    );
  });
});

describe('nodes', () => {
  const workers = (seen: Partial<Surroundings>, changes: Changes = {}) =>
    planned(seen, changes).nodes?.find(({ role }) => role === 'worker')?.places;

  it('have room for what others leave, where selector and tolerations allow', () => {
    expect(workers({})).toBe(4);
    expect(workers({ pods: [podOn('n1', { [GPU]: '1' }), podOn('n2', { [GPU]: '2' }, 'Succeeded')] })).toBe(3);
    expect(workers({ pods: [podOn('n1', { cpu: '3500m' })] })).toBe(2);
    expect(workers({}, { 'spec.cluster.workerTemplate.nodeSelector': { zone: 'n1' } })).toBe(2);
    const tainted = { taints: [{ key: GPU, effect: 'NoSchedule' }] };
    expect(workers({ nodes: [node('n1', 2, tainted)] })).toBe(0);
    const tolerations = [{ key: GPU, operator: 'Exists' }];
    expect(
      workers({ nodes: [node('n1', 2, tainted)] }, { 'spec.cluster.workerTemplate.tolerations': tolerations }),
    ).toBe(2);
    expect(workers({ nodes: [node('n1', 2, { unschedulable: true }), node('n2', 1)] })).toBe(1);
  });

  it('are one where only one may mount the volume', () => {
    expect(workers({ onOneNode: true })).toBe(2);
  });

  it('count no places where what is free may not be seen', () => {
    const some = planned({ pods: undefined });
    expect(some.nodes?.map(({ places }) => places)).toEqual([undefined, undefined, undefined]);
    expect(some.waiting).toEqual([]);
    expect(roomLines(some, 300).join()).toContain('you may not list the pods of all namespaces');
  });
});

describe('quotas', () => {
  const workers = (...quotas: WireQuota[]) =>
    planned({ quotas })
      .quotas?.filter(({ role }) => role === 'worker')
      .map(({ key, places }) => [key, places]);

  it('leave room by requests, limits and number of pods', () => {
    expect(workers(quota({ 'requests.cpu': '2', 'requests.memory': '10Gi' }, { 'requests.cpu': '700m' }))).toEqual([
      ['requests.cpu', 2],
      ['requests.memory', 4],
    ]);
    expect(workers(quota({ [`requests.${GPU}`]: '3', 'count/pods': '2', 'requests.storage': '1Gi' }))).toEqual([
      [`requests.${GPU}`, 3],
      ['count/pods', 2],
    ]);
    expect(workers(quota({ 'limits.memory': '8Gi' }))).toEqual([['limits.memory', 0]]);
  });

  it('count only the pods of their scopes', () => {
    const none = { scopes: ['BestEffort'] };
    const high = {
      scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] },
    };
    const all = { scopes: ['NotBestEffort'] };
    expect(
      workers(quota({ pods: '1' }, {}, none), quota({ pods: '2' }, {}, high), quota({ pods: '3' }, {}, all)),
    ).toEqual([['pods', 3]]);
  });
});

it('says which pods would wait, in lines that fit', () => {
  const short = planned({ quotas: [quota({ 'requests.cpu': '1500m' })], pods: [podOn('n1', { [GPU]: '2' })] });
  expect(short.waiting).toEqual([{ role: 'worker', pods: 2, of: 4 }]);
  for (const width of [60, 80, 120]) {
    expect(roomLines(short, width).filter((line) => line.length > width)).toEqual([]);
  }
  const text = roomLines(short, 300).join('\n');
  expect(text).toContain('requests.cpu: 1500m of 1500m left, 2 asked: room for 3 of 4 workers at once');
  expect(text).toContain('2 of 4 workers would wait for room');
  const blind = roomLines(planned({ quotas: undefined, nodes: undefined, defaults: undefined }), 300).join('\n');
  expect(blind).toContain('you may not list ResourceQuotas here');
  expect(blind).toContain('you may not list nodes');
  expect(blind).toContain('no pod, as far as is known');
});
