import { EXIT } from '@distillation/api/errors';
import { endedCode, isHeld } from '../objects/labels.ts';
import { latestAttempt, type RoleChildJobs, type JobAttempt } from './child-jobs.ts';
import { parseIndexes } from './indexes.ts';
import { unseenEnd } from './last-run.ts';
import { endOf, indexOf, isActive, type PodEnd } from './pod-status.ts';
import type { WirePod } from '@distillation/kube/wire';
import { NEVER_STARTED, type ProcessState } from '@distillation/core/state';

/** The job's processes as its Jobs and pods show them. A Job retries by itself, so it counts as running until it has finished. */

export interface JobRules {
  readonly backoffLimit: number;
  readonly now: Date;
}

/** Jobs and pods arrive by separate watches: how long a finished Job waits for the end of its pods to be observed, which says why. */
export const SETTLING_MS = 10_000;

/** The planner or the finalizer: one pod at a time. */
export function singleProcess(children: RoleChildJobs, rules: JobRules): ProcessState {
  const attempt = latestAttempt(children);
  if (attempt === undefined) return NEVER_STARTED;
  const { end: ending, pods, job } = attempt;
  const ended = children.attempts.reduce((sum, each) => sum + runsOf(each, rules), 0);
  const unseen = ending === undefined && !attempt.deleting ? unseenEnd(attempt, pods, rules.backoffLimit) : undefined;
  if (unseen !== undefined) return exited(ended + 1, unseen.exitCode, unseen);
  if (ending === undefined || attempt.deleting) return { state: standstill(attempt), ended };
  const noted = endedCode(job, 0);
  const well = ending.complete || noted === EXIT.ok;
  if (noted === undefined && isEndAwaited(attempt, { pods, well }, rules)) return { state: 'Running', ended };
  if (well) return exited(ended, EXIT.ok, lastEnd(pods.filter((pod) => endOf(pod)?.exitCode === EXIT.ok)));
  const end = lastEnd(pods);
  return exited(ended, end?.exitCode ?? noted ?? exitCodeIn(ending.message), end);
}

/** The worker of each bin that ever had one, which is an index of an Indexed Job. */
export function workerProcesses(children: RoleChildJobs, rules: JobRules): ReadonlyMap<number, ProcessState> {
  const workers = new Map<number, ProcessState>();
  for (const attempt of children.attempts) {
    const completed = parseIndexes(attempt.job.status?.completedIndexes);
    const failed = parseIndexes(attempt.job.status?.failedIndexes);
    attempt.bins.forEach((bin, index) => {
      const noted = endedCode(attempt.job, index);
      const isWell = completed.has(index) || noted === EXIT.ok;
      const outcome = isWell ? 'Completed' : failed.has(index) || noted !== undefined ? 'Failed' : undefined;
      const before = workers.get(bin)?.ended ?? 0;
      workers.set(bin, workerState(attempt, { index, outcome, before }, rules));
    });
  }
  return workers;
}

interface IndexView {
  readonly index: number;
  readonly outcome: 'Completed' | 'Failed' | undefined;
  /** Number of runs in earlier attempts. */
  readonly before: number;
}

function workerState(attempt: JobAttempt, { index, outcome, before }: IndexView, rules: JobRules): ProcessState {
  const pods = attempt.pods.filter((pod) => indexOf(pod) === index);
  const isOver = outcome !== undefined || attempt.end !== undefined;
  // A failed index has used up its retries; one without an outcome was terminated with its Job.
  const allRuns = before + rules.backoffLimit + 1;
  const unseen = isOver || attempt.deleting ? undefined : unseenEnd(attempt, pods, rules.backoffLimit);
  if (unseen !== undefined) return exited(unseen.exitCode === EXIT.ok ? before + 1 : allRuns, unseen.exitCode, unseen);
  if (!isOver || attempt.deleting) return { state: standstill(attempt), ended: before };
  const noted = endedCode(attempt.job, index);
  const well = outcome === 'Completed';
  if (noted === undefined && isEndAwaited(attempt, { pods, well }, rules)) return { state: 'Running', ended: before };
  if (well) return { state: 'Exited', ended: before + 1, exitCode: EXIT.ok };
  const end = lastEnd(pods);
  return exited(outcome === 'Failed' ? allRuns : before + 1, end?.exitCode ?? noted, end);
}

/**
 * State of an unfinished Job. One that somebody else has suspended waits for its turn and counts as running, and so does one that is being
 * deleted, which occupies its name until it is gone.
 */
function standstill({ job, suspended, deleting }: JobAttempt): 'Idle' | 'Running' {
  return suspended && !isHeld(job) && !deleting ? 'Idle' : 'Running';
}

/** Whether the end of a pod that the Job has counted is still to be observed; with a time limit, since the pod may have been deleted. */
function isEndAwaited(
  { end: ending }: JobAttempt,
  { pods, well }: { pods: readonly WirePod[]; well: boolean },
  { now }: JobRules,
): boolean {
  if (ending !== undefined && now.getTime() - ending.at >= SETTLING_MS) return false;
  const seen = pods.some((pod) => (well ? endOf(pod)?.exitCode === EXIT.ok : endOf(pod) !== undefined));
  return !seen || pods.some(isActive);
}

/** Milliseconds until a finished attempt is evaluated even though the end of some of its pods has not been observed. */
export function settlesInMs({ end: ending, job, pods }: JobAttempt, now: Date): number | undefined {
  if (ending === undefined || pods.filter((pod) => !isActive(pod)).length >= countedRuns(job)) return undefined;
  const left = ending.at + SETTLING_MS - now.getTime();
  return left > 0 ? left : undefined;
}

/** Number of a Job's pods that ended by themselves; its counts leave out disruptions. */
function runsOf({ job, end: ending }: JobAttempt, { backoffLimit }: JobRules): number {
  const counted = countedRuns(job);
  if (ending === undefined) return counted;
  return Math.max(counted, ending.reason === 'BackoffLimitExceeded' ? backoffLimit + 1 : 1);
}

const countedRuns = ({ status }: JobAttempt['job']): number => (status?.succeeded ?? 0) + (status?.failed ?? 0);

function exited(ended: number, exitCode: number | undefined, end: PodEnd | undefined): ProcessState {
  return {
    state: 'Exited',
    ended,
    ...(exitCode !== undefined && { exitCode }),
    ...(end?.error !== undefined && { termination: end.error }),
  };
}

const lastEnd = (pods: readonly WirePod[]): PodEnd | undefined => pods.flatMap((pod) => endOf(pod) ?? []).at(-1);

/** The exit code in the message of a Job that failed by its pod failure policy, known even when the pod is gone. */
function exitCodeIn(message: string | undefined): number | undefined {
  const [, code] = /failed with exit code (\d{1,3}) /.exec(message ?? '') ?? [];
  return code === undefined ? undefined : Number(code);
}
