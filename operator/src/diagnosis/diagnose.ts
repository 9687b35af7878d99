import type { DistillationJobSpec } from '@distillation/api/job';
import { sentences } from '@distillation/api/sentences';
import { plural } from '@distillation/api/format';
import { endedCode, roleOf } from '../objects/labels.ts';
import { claimFinding, missingClaim } from './volume-claims.ts';
import { creationFinding } from './pod-creation.ts';
import { endFinding } from './container-end.ts';
import { parseIndexes } from '../observe/indexes.ts';
import { indexOf, isActive, isPending } from '../observe/pod-status.ts';
import { schedulingFinding } from './scheduling.ts';
import type { PodWarning, Snapshot } from '../objects/snapshot.ts';
import { finishedCondition } from '@distillation/kube/jobs';
import type { WireJob, WirePod } from '@distillation/kube/wire';
import { probeFinding, startFinding } from './container-start.ts';
import { type Finding, severityOf } from './reasons.ts';

/** What keeps a job from going on, for its conditions. */
export interface JobProblem {
  readonly reason: Finding['reason'];
  /** What is the case and what to do about it; the same as long as the case is the same. */
  readonly message: string;
  readonly podName?: string;
  /** RFC 3339. */
  readonly since: string;
}

export interface DiagnosisInput {
  /** Those of the stage under way. */
  readonly pods: readonly WirePod[];
  /** By UID of the pod; that of the Job for what keeps its pods from being made (`FailedCreate`). */
  readonly podWarnings: ReadonlyMap<string, PodWarning>;
  /** Absent when nobody asked, or the operator may not read claims. */
  readonly claims: Snapshot['claims'];
  readonly spec: DistillationJobSpec;
  readonly now: Date;
  /** The Job that the pods are of; without it, pods that cannot be made and bins given up are not told apart. */
  readonly job?: WireJob;
}

/**
 * The gravest cause among the pods that wait or fail, with what to do about it; undefined when all is well. Pure, to be asked at each
 * reconcile with the pods of the Job that does the stage's work.
 *
 * Of each bin the newest pod counts: what befell earlier ones is over. A pod that waits and says nothing of it is explained by its
 * warning events, so the caller asks for those of pods on a node (`FailedMount`) and of a Job with fewer pods than it wants
 * (`wantsPods`), and asks again.
 */
export function diagnose(input: DiagnosisInput): JobProblem | undefined {
  const { claims, spec, now, podWarnings, job } = input;
  const latest = newestPods(input);
  const oldest = latest.map(creationOf).sort()[0] ?? now.toISOString();
  const general = [
    missingClaim(spec.cluster, claims),
    job !== undefined && wantsPods(job)
      ? creationFinding(podWarnings.get(job.metadata?.uid ?? ''), { role: roleOf(job), spec })
      : undefined,
  ].filter((found) => found !== undefined);
  const ofPods = latest.flatMap((pod) => {
    const found = examine(pod, input);
    return found === undefined ? [] : [{ ...found, pod }];
  });
  const gravest = Math.min(...[...general, ...ofPods].map(({ reason }) => severityOf(reason)));
  const ofAll = general.find(({ reason }) => severityOf(reason) === gravest);
  if (ofAll !== undefined) return problemOf(ofAll, ofAll.what, oldest);
  const [worst, ...others] = ofPods.filter(({ reason }) => severityOf(reason) === gravest);
  if (worst === undefined) return undefined;
  const same = others.filter(({ reason }) => reason === worst.reason).length;
  const more = same === 0 ? '' : ` The same of ${plural(same, 'more pod')}.`;
  const podName = worst.pod.metadata?.name ?? '';
  return { ...problemOf(worst, `${worst.what}${more}`, creationOf(worst.pod)), podName };
}

/** Whether a Job that may run has fewer pods than work for them: its warning events may tell why. */
export function wantsPods(job: WireJob): boolean {
  const { spec, status } = job;
  if (spec?.suspend === true || finishedCondition(job) !== undefined) return false;
  const done = (status?.succeeded ?? 0) + parseIndexes(status?.failedIndexes).size;
  return (status?.active ?? 0) < Math.min(spec?.parallelism ?? 1, (spec?.completions ?? 1) - done);
}

function problemOf({ reason, fix, since }: Finding, what: string, otherwise: string): JobProblem {
  return { reason, message: sentences(what, fix), since: since ?? otherwise };
}

function examine(pod: WirePod, input: DiagnosisInput): Finding | undefined {
  const { claims, podWarnings, now, spec } = input;
  const warning = podWarnings.get(pod.metadata?.uid ?? '');
  if (!isActive(pod)) return endFinding(pod, warning);
  if (!isPending(pod)) return probeFinding(pod, warning);
  return (
    startFinding(pod) ??
    claimFinding(pod, { claims, warning, now, cluster: spec.cluster, active: input.pods.filter(isActive) }) ??
    schedulingFinding(pod, { now, spec }) ??
    startFinding(pod, warning)
  );
}

/** The newest pod of each bin that is not given up; in the order of the bins, so that the same one is named each time. */
export function newestPods({ pods, job }: Pick<DiagnosisInput, 'pods' | 'job'>): WirePod[] {
  const failed = parseIndexes(job?.status?.failedIndexes);
  const isGivenUp = (index: number): boolean =>
    failed.has(index) || (job !== undefined && endedCode(job, index) !== undefined);
  const byIndex = new Map<number, WirePod>();
  // Of two made within a second, the one that is not over is the newer.
  const age = (pod: WirePod): string => `${creationOf(pod)} ${isActive(pod) ? 1 : 0} ${pod.metadata?.name ?? ''}`;
  for (const pod of [...pods].sort((a, b) => (age(a) < age(b) ? -1 : 1))) byIndex.set(indexOf(pod) ?? 0, pod);
  return [...byIndex]
    .sort(([a], [b]) => a - b)
    .filter(([index, pod]) => !isGivenUp(index) && pod.metadata?.deletionTimestamp === undefined)
    .map(([, pod]) => pod);
}

const creationOf = (pod: WirePod): string => pod.metadata?.creationTimestamp ?? '';
