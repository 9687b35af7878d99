import type { ClusterSpec, DistillationJobSpec } from '@distillation/api/job';
import type { Role } from '@distillation/api/words';
import { CONTAINER } from '../objects/pod.ts';
import type { PodWarning } from '../objects/snapshot.ts';
import { type Finding, finding } from '../problems/finding.ts';
import type { ProblemReason } from '../problems/problems.ts';

/** Pods that cannot be created at all, in the words of the API server's admission as the Job controller's event reports them. */

interface CreationContext {
  readonly role: Role | undefined;
  readonly spec: DistillationJobSpec;
}

export function creationFinding(warning: PodWarning | undefined, { role, spec }: CreationContext): Finding | undefined {
  if (warning?.reason !== 'FailedCreate') return undefined;
  // The pod's name is random at each try; without it the message does not change.
  const message = warning.message.replace(/^Error creating: /, '').replace(/^pods "[^"]*" is forbidden: /, '');
  const { reason, fix } = causeOf(message, role, spec);
  return finding(reason, `Its pods cannot be made: ${message}`, { role, fix });
}

interface Cause {
  readonly reason: ProblemReason;
  readonly fix?: string | undefined;
}

function causeOf(message: string, role: Role | undefined, { cluster }: DistillationJobSpec): Cause {
  if (message.includes('must specify')) return { reason: 'PodsRefused', fix: unsaid(message) };
  if (message.includes('exceeded quota')) return { reason: 'QuotaExceeded', fix: lessOf(message, role, cluster.gpu) };
  if (message.includes('violates PodSecurity')) return { reason: 'PodSecurityViolation' };
  return { reason: 'PodsRefused', fix: rules.find(([words]) => words.test(message))?.[1] ?? outOfRange(message) };
}

/** What to request less of, by the resources that the quota found exceeded. */
function lessOf(message: string, role: Role | undefined, gpu: ClusterSpec['gpu']): string {
  const counted = [...message.matchAll(/(?:requested: |,)([^\s=,]+)=[^\s,]+(?=.*, used: )/g)].map(
    ([, what = '']) => what,
  );
  const isGpu = (what: string): boolean => what.endsWith(gpu.resourceName);
  const less = [
    ...(role === 'worker' ? ['spec.scheduling.bins'] : []),
    ...(counted.some(isGpu) ? ['spec.cluster.gpu.count'] : []),
    ...(counted.some((what) => !isGpu(what) && !/^(count\/)?pods$/.test(what)) ? ['{template.resources}'] : []),
  ];
  const lower = less.length === 0 ? '' : ` lower ${less.join(' or ')},`;
  return `Raise the quota of the namespace,${lower} or wait until others are done.`;
}

/** Refusals because of something that is missing. */
const rules: readonly (readonly [words: RegExp, fix: string])[] = [
  [/PriorityClass/, 'Correct {template.priorityClassName}, or create that priority class.'],
  [/RuntimeClass/, 'Correct {template.runtimeClassName}, or create that runtime class.'],
  [
    /service ?account/i,
    'Create the service account that is named, or correct {template.serviceAccountName}: Kubernetes itself makes `default` in a new namespace.',
  ],
  [
    /failed calling webhook/,
    'The webhook that is named does not answer: start it, or have its configuration leave this namespace out.',
  ],
];

/** A quota on limits (or requests) requires each container to specify them. */
function unsaid(message: string): string {
  const [, list = ''] = /must specify (.*)$/s.exec(message) ?? [];
  // "limits.cpu for: worker; limits.memory for: worker,proxy"; before Kubernetes 1.26 "limits.cpu,limits.memory".
  const wanted = list
    .split(list.includes(' for: ') ? ';' : ',')
    .map((part) => part.trim().split(' for: '))
    .map(([what = '', containers = CONTAINER]) => ({ what: quantityOf(what), containers: containers.split(',') }));
  const ours = wanted.filter(({ containers }) => containers.includes(CONTAINER)).map(({ what }) => what);
  const others = [...new Set(wanted.flatMap(({ containers }) => containers))].filter((name) => name !== CONTAINER);
  return [
    ...(ours.length === 0
      ? []
      : [
          `Set ${listed(ours.map((what) => `{template.resources.${what}}`))}: the quota counts them, so each pod must name them.`,
        ]),
    ...(others.length === 0
      ? []
      : [`Container ${listed(others)} was added by a webhook, which has to name them for it.`]),
  ].join(' ');
}

/** The container field for a quota's resource name: a bare `cpu` means a request. */
const quantityOf = (counted: string): string =>
  /^(limits|requests)\./.test(counted) ? counted : `requests.${counted}`;

/** Constraints of a LimitRange, as its admission plugin words them. */
const BOUND =
  /(minimum|maximum) (\S+) usage per (?:Container|Pod) is ([^\s,]+?)[,.] +(?:but )?(?:no )?(request|limit)(?: is)?/gi;
const RATIO = /(\S+) max limit to request ratio per (?:Container|Pod) is ([^\s,]+)/g;

function outOfRange(message: string): string | undefined {
  const bounds = [...message.matchAll(BOUND)].map(([, side = '', resource = '', bound = '', kind = '']) => {
    const extent = side.toLowerCase() === 'minimum' ? 'at least' : 'at most';
    return `{template.resources.${kind.toLowerCase()}s.${resource}} to ${extent} ${bound}`;
  });
  const ratios = [...message.matchAll(RATIO)].map(
    ([, resource = '', ratio = '']) =>
      `{template.resources.limits.${resource}} to at most ${ratio} times {template.resources.requests.${resource}}`,
  );
  const wanted = [...new Set([...bounds, ...ratios])];
  return wanted.length === 0 ? undefined : `Set ${listed(wanted)}, or have the limit range of the namespace changed.`;
}

const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
