import { roleOf } from '@distillation/api/labels';
import type { DistillationJobSpec } from '@distillation/api/job';
import { sentences } from '@distillation/api/sentences';
import { plural } from '@distillation/api/format';
import { endedCode } from '../objects/labels.ts';
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
import type { Finding } from '../problems/finding.ts';
import { severityOf } from '../problems/problems.ts';

/** What keeps a job from making progress, for its conditions. */
export interface JobProblem {
  readonly reason: Finding['reason'];
  /** What is wrong and what to do about it; it does not change as long as the problem does not. */
  readonly message: string;
  readonly podName?: string;
  /** RFC 3339. */
  readonly since: string;
}

export interface DiagnosisInput {
  /** Pods of the current stage. */
  readonly pods: readonly WirePod[];
  /** By UID of the pod, or of the Job for what keeps its pods from being created (`FailedCreate`). */
  readonly podWarnings: ReadonlyMap<string, PodWarning>;
  /** Absent when the claims were not read or the operator may not read them. */
  readonly claims: Snapshot['claims'];
  readonly spec: DistillationJobSpec;
  readonly now: Date;
  /** The Job that the pods belong to; without it, neither pods that cannot be created nor failed bins are recognized. */
  readonly job?: WireJob;
}

/**
 * The most severe problem among the pods that wait or fail, with what to do about it; undefined when all is well. Pure; to be called in
 * each reconcile with the pods of the Job that does the stage's work.
 *
 * Only the newest pod of each bin counts, since earlier ones have been replaced. Where the status of a waiting pod gives no reason, its
 * warning events do: the caller reads those of scheduled pods (`FailedMount`) and of a Job with fewer pods than it wants (`wantsPods`),
 * and calls again.
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
  if (ofAll !== undefined) return problemOf(ofAll, { what: ofAll.what, otherwise: oldest, spec });
  const [worst, ...others] = ofPods.filter(({ reason }) => severityOf(reason) === gravest);
  if (worst === undefined) return undefined;
  const same = others.filter(({ reason }) => reason === worst.reason).length;
  const more = same === 0 ? '' : ` The same of ${plural(same, 'more pod')}.`;
  const podName = worst.pod.metadata?.name ?? '';
  const told = { what: `${worst.what}${more}`, otherwise: creationOf(worst.pod), spec };
  return { ...problemOf(worst, told), podName };
}

/** Whether a Job that may run has fewer pods than it needs; its warning events may explain why. */
export function wantsPods(job: WireJob): boolean {
  const { spec, status } = job;
  if (spec?.suspend === true || finishedCondition(job) !== undefined) return false;
  const done = (status?.succeeded ?? 0) + parseIndexes(status?.failedIndexes).size;
  return (status?.active ?? 0) < Math.min(spec?.parallelism ?? 1, (spec?.completions ?? 1) - done);
}

interface Told {
  readonly what: string;
  /** Since when, where the finding does not say. */
  readonly otherwise: string;
  readonly spec: DistillationJobSpec;
}

function problemOf({ reason, fix, since }: Finding, { what, otherwise, spec }: Told): JobProblem {
  const { className } = spec.cluster;
  // The author of the job may have set nothing of what is to be corrected.
  const ofClass =
    className !== undefined && /\.(worker|finalizer)Template\b/.test(fix)
      ? [`What the template leaves out is that of the class ${className} (spec.cluster.className)`]
      : [];
  return { reason, message: sentences(what, fix, ...ofClass), since: since ?? otherwise };
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

/** The newest pod of each bin that has not failed for good, in the order of the bins, so that messages always name the same one. */
export function newestPods({ pods, job }: Pick<DiagnosisInput, 'pods' | 'job'>): WirePod[] {
  const failed = parseIndexes(job?.status?.failedIndexes);
  const hasFailed = (index: number): boolean =>
    failed.has(index) || (job !== undefined && endedCode(job, index) !== undefined);
  const byIndex = new Map<number, WirePod>();
  // Creation times are whole seconds; of two pods created within one second, the active one is the newer.
  const age = (pod: WirePod): string => `${creationOf(pod)} ${isActive(pod) ? 1 : 0} ${pod.metadata?.name ?? ''}`;
  for (const pod of [...pods].sort((a, b) => (age(a) < age(b) ? -1 : 1))) byIndex.set(indexOf(pod) ?? 0, pod);
  return [...byIndex]
    .sort(([a], [b]) => a - b)
    .filter(([index, pod]) => !hasFailed(index) && pod.metadata?.deletionTimestamp === undefined)
    .map(([, pod]) => pod);
}

const creationOf = (pod: WirePod): string => pod.metadata?.creationTimestamp ?? '';
