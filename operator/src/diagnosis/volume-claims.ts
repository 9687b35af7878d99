import type { ClusterSpec } from '@distillation/api/job';
import { schedulersWords } from './scheduling.ts';
import { namedClaims } from '../objects/volumes.ts';
import type { PodWarning, Snapshot } from '../objects/snapshot.ts';
import type { WireClaim, WirePod } from '@distillation/kube/wire';
import { type Finding, finding } from '../problems/finding.ts';
import { creationTime } from '@distillation/kube/time';

/** Volume claims that are missing, unbound, or not usable by all pods. */

/** Time that provisioning a volume may take before it is reported. */
const PROVISIONING_MS = 15_000;

/** All roles share the claims. */
const ANY = { role: undefined };

interface ClaimContext {
  readonly claims: Snapshot['claims'];
  readonly cluster: ClusterSpec;
  readonly warning: PodWarning | undefined;
  readonly now: Date;
  /** All active pods, which need the same claims at the same time. */
  readonly active: readonly WirePod[];
}

interface NamedClaim {
  readonly name: string;
  /** Path in the manifest. */
  readonly field: string;
  readonly claim: WireClaim | undefined;
}

/** A claim that the spec names and that does not exist or has lost its volume. */
export function missingClaim(cluster: ClusterSpec, claims: Snapshot['claims']): Finding | undefined {
  for (const { name, field, claim } of knownClaims(cluster, claims)) {
    if (claim === undefined) return finding('VolumeNotFound', `There is no claim ${name} (${field})`, ANY);
    if (claim.status?.phase === 'Lost') {
      const since = claim.metadata?.creationTimestamp;
      return finding('VolumeNotBound', `Claim ${name} (${field}) has lost its volume`, { ...ANY, since });
    }
  }
  return undefined;
}

/** What is wrong with the claims of a pending pod. */
export function claimFinding(pod: WirePod, context: ClaimContext): Finding | undefined {
  const { claims, cluster, warning, now, active } = context;
  const podName = pod.metadata?.name ?? '';
  const unscheduled = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  const said = schedulersWords(unscheduled?.message ?? '');
  const since = unscheduled?.lastTransitionTime;
  const named = knownClaims(cluster, claims);

  if (/persistentvolumeclaim "[^"]*" (not found|is being deleted)/.test(said)) {
    return finding('VolumeNotFound', `No node takes pod ${podName}: ${said}`, { ...ANY, since });
  }
  const narrow = named.find(({ claim }) => claim !== undefined && isForOne(claim));
  const isHeld =
    said.includes('ReadWriteOncePod') ||
    /Multi-Attach|already exclusively attached/.test(warning?.message ?? '') ||
    (active.length > 1 && said.includes('volume node affinity conflict')) ||
    // The attach controller's event comes once; the kubelet's, that it waits for the volume, is repeated and hides it.
    (/unmounted volumes|timed out waiting/.test(warning?.message ?? '') && isElsewhere(pod, active));
  if (isHeld && (narrow !== undefined || claims === undefined)) {
    const what = `${describe(narrow)} Pod ${podName}: ${warning?.message ?? said}`;
    return finding('VolumeAccessMode', what, { ...ANY, since });
  }
  const unbound = named.find(({ claim }) => claim?.status?.phase === 'Pending');
  const isUnnoticed =
    unscheduled === undefined &&
    pod.spec?.nodeName === undefined &&
    now.getTime() - creationTime(pod) >= PROVISIONING_MS;
  if (/unbound immediate|find available persistent volumes/.test(said) || (unbound !== undefined && isUnnoticed)) {
    const which = unbound === undefined ? 'A claim' : `Claim ${unbound.name} (${unbound.field})`;
    return finding('VolumeNotBound', `${which} has no volume yet${said === '' ? '' : `: ${said}`}`, { ...ANY, since });
  }
  return undefined;
}

const knownClaims = (cluster: ClusterSpec, claims: Snapshot['claims']): NamedClaim[] =>
  namedClaims(cluster).flatMap(({ field, claimName: name }) =>
    claims?.has(name) === true ? [{ name, field, claim: claims.get(name) }] : [],
  );

const modesOf = (claim: WireClaim | undefined): readonly string[] =>
  claim?.status?.accessModes ?? claim?.spec?.accessModes ?? [];

/** Usable by one node or one pod at a time. */
const isForOne = (claim: WireClaim): boolean =>
  modesOf(claim).length > 0 && modesOf(claim).every((mode) => mode.startsWith('ReadWriteOnce'));

/** Whether some other pod is on a different node. */
const isElsewhere = ({ spec }: WirePod, active: readonly WirePod[]): boolean =>
  active.some((other) => other.spec?.nodeName !== undefined && other.spec.nodeName !== spec?.nodeName);

const describe = (named: NamedClaim | undefined): string => {
  if (named === undefined) return '';
  return `Claim ${named.name} (${named.field}) is ${modesOf(named.claim).join(', ')}, for one node or pod at a time.`;
};
