import { roleOf } from '@distillation/api/labels';
import type { DistillationJobSpec } from '@distillation/api/job';
import type { Role } from '@distillation/api/words';
import type { WirePod } from '@distillation/kube/wire';
import { type Finding, finding } from '../problems/finding.ts';
import { templateField } from '../problems/problems.ts';
import { creationTime } from '@distillation/kube/time';

/** Unschedulable pods, in the scheduler's words, with a way out for each cause that it names. */

/** Time within which a running scheduler sets the condition `PodScheduled`. */
const UNNOTICED_MS = 20_000;

interface SchedulingContext {
  readonly now: Date;
  readonly spec: DistillationJobSpec;
}

export function schedulingFinding(pod: WirePod, { now, spec }: SchedulingContext): Finding | undefined {
  const name = pod.metadata?.name ?? '';
  const role = roleOf(pod);
  const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (condition === undefined) {
    const isOld = now.getTime() - creationTime(pod) >= UNNOTICED_MS;
    if (!isOld || pod.spec?.nodeName !== undefined) return undefined;
    return finding(
      'NoScheduler',
      `No scheduler named ${pod.spec?.schedulerName ?? 'default-scheduler'} has looked at pod ${name}`,
      { role },
    );
  }
  if (condition.status !== 'False') return undefined;
  const { message = '', lastTransitionTime } = condition;
  if (condition.reason === 'SchedulingGated') {
    return finding('SchedulingGated', `Pod ${name}: ${message}`, { role, since: lastTransitionTime });
  }
  const said = schedulersWords(message);
  const fix = waysOut(said, spec, role);
  return finding('Unschedulable', `No node takes pod ${name}: ${said}`, { role, since: lastTransitionTime, fix });
}

/** The scheduler's message without its part on preemption, which repeats the causes. */
export const schedulersWords = (message: string): string => message.replace(/\.?\s*preemption: .*$/s, '.');

/** What to do about each cause that the scheduler names. */
function waysOut(said: string, { cluster }: DistillationJobSpec, role: Role | undefined): string | undefined {
  const lacking = [...said.matchAll(/Insufficient ([^\s,.]+(?:\.[^\s,.]+)*)/g)].map(([, resource = '']) => resource);
  const { resourceName } = cluster.gpu;
  const template = templateField(role);
  const fewer = role === 'worker' ? 'spec.scheduling.bins or spec.cluster.gpu.count' : 'spec.cluster.gpu.count';
  const rules: readonly (readonly [boolean, string])[] = [
    [
      lacking.includes(resourceName),
      `It starts when ${cluster.gpu.count} ${resourceName} of one node are free; to need fewer, lower ${fewer}. ` +
        'If no node has any, correct spec.cluster.gpu.resourceName or install the device plugin.',
    ],
    [
      lacking.some((resource) => resource !== resourceName),
      `Make room, or lower resources.requests of ${template} (${lacking.filter((resource) => resource !== resourceName).join(', ')}).`,
    ],
    [said.includes('untolerated taint'), `Tolerate the taints by ${template}.tolerations, or have them removed.`],
    [
      /node affinity\/selector|node selector/.test(said),
      `Correct nodeSelector and affinity of ${template}, or label a node.`,
    ],
    [/pod (anti-)?affinity|topology spread/.test(said), `Loosen the affinity of ${template}.`],
    [
      /volume node affinity|didn't find available persistent volumes/.test(said),
      'Its volume can be reached from some nodes only: make room there, or give a claim that all nodes reach.',
    ],
    [said.includes('Too many pods'), 'Make room for more pods, or add nodes.'],
    [said.includes('unschedulable'), 'Some nodes are cordoned: `kubectl uncordon` lets them take pods again.'],
    [said.includes('no nodes available'), 'Add nodes to the cluster.'],
  ];
  const found = rules.filter(([applies]) => applies).map(([, text]) => text);
  return found.length === 0 ? undefined : found.join(' ');
}
