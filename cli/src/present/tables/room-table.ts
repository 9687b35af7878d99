import { duration, plural } from '@distillation/api/format';
import { type Amounts, quantityText } from '../../cluster/plan/amounts.ts';
import type { ClusterPlan } from '../../cluster/plan/cluster-plan.ts';
import { type Demand, mostAtOnce } from '../../cluster/plan/demand.ts';
import type { NodeRoom } from '../../cluster/plan/nodes.ts';
import type { QuotaLine } from '../../cluster/plan/quotas.ts';
import { inColumnsWithin } from './columns.ts';

/** What a job would take of a cluster, and whether there is room: lines of at most so many columns. */
export function roomLines(planned: ClusterPlan, width: number): string[] {
  const rows: [string, string][] = [
    ...planned.demands.map(({ role, pods, requests }): [string, string] => [
      role,
      `${plural(pods, 'pod')}${pods > 1 ? ', each with' : ' with'} ${amountsText(requests)}`,
    ]),
    ['at once', `at most ${amountsText(mostAtOnce(planned.demands))}`],
    ['time', timeText(planned)],
    ...gpuHours(planned),
    ...quotaRows(planned),
    ...nodeRows(planned),
    ['waiting', waitingText(planned)],
  ];
  return ['What it takes of the cluster', ...inColumnsWithin(rows, width)];
}

const amountsText = (amounts: Amounts): string =>
  [...amounts]
    .filter(([, amount]) => amount > 0n)
    .sort(([a], [b]) => RANK(a) - RANK(b))
    .map(([name, amount]) => `${quantityText(name, amount)} ${name}`)
    .join(', ');

/** GPUs and the like first. */
const RANK = (name: string): number => (name.includes('/') ? 0 : name === 'cpu' ? 1 : 2);

function timeText({ expected, plan, schedule }: ClusterPlan): string {
  if (expected === undefined) {
    return 'not known: costs are counted in multiply-accumulates. With spec.scheduling.costSource: Measured the planner times them; Recorded takes the times of earlier jobs on this volume';
  }
  const basis = plan.costSource === 'Recorded' ? 'by the times of earlier jobs' : 'by a few timed steps of each block';
  const bins = schedule.bins.filter(({ blocks }) => blocks.length > 0).length;
  return `about ${duration(expected.trainingSeconds)} of training with ${plural(bins, 'bin')} at work, ${basis}; what comes before and after it is not in it`;
}

const gpuHours = ({ expected }: ClusterPlan): [string, string][] =>
  expected?.gpuHours === undefined
    ? []
    : [['GPU-hours', `about ${Number(expected.gpuHours.toPrecision(2))} for the training`]];

function quotaRows({ quotas }: ClusterPlan): [string, string][] {
  if (quotas === undefined) return [['quotas', 'you may not list ResourceQuotas here: what they leave is not known']];
  // One line a key: of the role for which it is the tightest.
  const tightest = new Map<string, QuotaLine>();
  for (const line of quotas) {
    const key = `${line.quota} ${line.key}`;
    const before = tightest.get(key);
    if (before === undefined || needOf(line) > needOf(before)) tightest.set(key, line);
  }
  if (tightest.size === 0) return [['quotas', 'none counts these pods']];
  return [...tightest.values()].map((line) => [`quota ${line.quota}`, quotaText(line)]);
}

/** The more, the less room there is; without the limit that a quota demands there is none. */
const needOf = ({ each, pods, places }: QuotaLine): bigint =>
  each === undefined ? 2n ** 200n : each * BigInt(pods) + (places < pods ? 2n ** 190n : 0n);

function quotaText({ key, resource, hard, left, each, role, pods, places }: QuotaLine): string {
  const has = `${key}: ${quantityText(resource, left)} of ${quantityText(resource, hard)} left`;
  if (each === undefined) {
    return `${has}, and pods of the ${role} have no limit of ${resource}: they are refused, unless a LimitRange gives them one`;
  }
  return `${has}, ${quantityText(resource, each * BigInt(pods))} asked${shortOf({ role, pods, places })}`;
}

function nodeRows({ nodes, onOneNode }: ClusterPlan): [string, string][] {
  if (nodes === undefined) {
    return [
      [
        'nodes',
        'you may not list nodes, which takes a right of the whole cluster: whether they have room is not known',
      ],
    ];
  }
  const affine = ', affinity aside';
  return nodes.map((room) => {
    const name = `for the ${room.role}${room.pods > 1 ? 's' : ''}`;
    if (room.fitting === 0) return ['nodes', `${name}: none is ready and of the labels and taints that its pods allow`];
    const fit = `${name}: ${plural(room.fitting, 'node')} ready and allowed`;
    const one = onOneNode && room.pods > 1 ? ', all pods on one, since only one may mount the volume' : '';
    return ['nodes', `${fit}${freeText(room)}${one}${shortOf(room)}${affine}`];
  });
}

function freeText({ allocatable, free, places }: NodeRoom): string {
  const [gpu] = [...allocatable.keys()].filter((name) => name.includes('/'));
  const shown = ['cpu', 'memory', ...(gpu === undefined ? [] : [gpu])].reverse();
  const of = (name: string): string => {
    const all = allocatable.get(name) ?? 0n;
    const rest = free?.get(name);
    return `${rest === undefined ? '' : `${quantityText(name, rest)} of `}${quantityText(name, all)} ${name}`;
  };
  const unknown =
    places === undefined ? '; what of it is free is not known: you may not list the pods of all namespaces' : ' free';
  return `, ${shown.map(of).join(', ')}${unknown}`;
}

function shortOf({ role, pods, places }: { role: Demand['role']; pods: number; places?: number }): string {
  if (places === undefined || places >= pods) return '';
  if (places === 0) return `: no room for ${pods === 1 ? `the ${role}` : `any of ${plural(pods, role)}`}`;
  return `: room for ${places} of ${plural(pods, role)} at once`;
}

function waitingText({ waiting, quotas, nodes, knowsDefaults, unknownClass }: ClusterPlan): string {
  if (unknownClass !== undefined) return `every pod, until the operator has the class ${unknownClass} (ClassNotFound)`;
  const unknown = quotas === undefined || nodes?.some(({ places }) => places === undefined) !== false;
  const said =
    waiting.length > 0
      ? `${waiting.map(({ role, pods, of }) => `${pods} of ${plural(of, role)}`).join(', ')} would wait for room`
      : unknown
        ? 'no pod, as far as is known'
        : 'no pod: there is room for all';
  return knowsDefaults ? said : `${said}. What the operator gives pods by default is not to be seen, and not counted`;
}
