import { sentences } from '@distillation/api/sentences';
import { sameStatus } from '../status/problem-status.ts';
import { DistillError } from '@distillation/api/errors';
import type { DistillationJobStatus } from '@distillation/api/job';
import type { ChildConfig } from '../objects/config.ts';
import { writesOf, remove, removeStale, stop } from './writes.ts';
import { deadlines } from './deadlines.ts';
import { diagnose, type JobProblem } from '../diagnosis/diagnose.ts';
import { eventsBetween } from '../status/events.ts';
import { type ChildJobs, attemptOf, childJobsOf } from '../observe/child-jobs.ts';
import { observe, type ObservedJob } from '../observe/observe.ts';
import { choosePoll, findUnexplained, isStuck } from './requeue.ts';
import { roleOfStage, stagePods, stageAttempt } from '../observe/stage.ts';
import { endsOf } from './lingering-pods.ts';
import { classProblem } from '../diagnosis/unknown-class.ts';
import { heldProblem } from '../diagnosis/held-jobs.ts';
import { inputsProblem } from '../diagnosis/awaited-inputs.ts';
import { isLast } from '../observe/pod-status.ts';
import { settlesInMs } from '../observe/processes.ts';
import type { DistillationJobObject, Reconciliation, Snapshot, Write } from '../objects/snapshot.ts';
import { type Decision, decide } from '@distillation/core/decide';
import { startTimeOf, statusOf, statusStillOver } from '../status/status.ts';
import { phaseOf } from './phase.ts';
import { verdictOf } from '@distillation/api/verdict';
import { timeToLiveMs } from './ttl.ts';
import type { FailureCause } from '@distillation/core/state';
import { findUnreachablePods } from './unreachable-pods.ts';

const NOTHING: Reconciliation = { writes: [], events: [], needsEvents: [] };

/** Requeue delay while a pod does not start, so that the cause appears in the job's conditions within 30 s. */
const STUCK_POD_MS = 10_000;

/** Requeue delay for an immediate further reconcile. */
const REQUEUE_NOW_MS = 1;

/** Requeue delay while a pod is terminating: it may wait for its Job, and its namespace for the pod. */
const ENDING_POD_MS = 10_000;

/**
 * The operator as one pure function: from all that is known of a job to what is to be done about it. Level-triggered and stateless: it may
 * be called at any time and any number of times, on a slightly stale snapshot, by an operator that has just started.
 *
 * A verdict (success or failure) is written to the status before it is acted upon, and removed before the job is restarted: a write may
 * destroy what the verdict was derived from, and the operator may be killed between any two writes.
 */
export function reconcile(snapshot: Snapshot, config: ChildConfig): Reconciliation {
  if (isBeingDeleted(snapshot)) return { ...NOTHING, writes: snapshot.jobs.flatMap(remove) };
  if (snapshot.job.metadata.deletionTimestamp !== undefined) return NOTHING;
  const childJobs = childJobsOf(snapshot);
  const outcome = reconcileByPhase(snapshot, config, childJobs);
  const unreachable = findUnreachablePods(snapshot.pods, snapshot.now);
  const abandoned = unreachable.pods.map(({ metadata }): Write => ({
    type: 'ForceDelete',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
  }));
  const isEnding = snapshot.pods.some(({ metadata }) => metadata?.deletionTimestamp !== undefined);
  return requeueAt(
    { ...outcome, writes: [...abandoned, ...outcome.writes] },
    unreachable.nextMs,
    isEnding ? ENDING_POD_MS : undefined,
  );
}

/**
 * Whether the job is being deleted, alone or with its namespace, so that the operator must delete its Jobs. The garbage collector does so
 * only once the job is gone, which finalizers of others may delay. A terminating namespace waits for its pods, and a Job with a backoff
 * limit per index keeps the last failed pod of each index until it has created a replacement, which such a namespace refuses. With orphan
 * propagation the children are kept.
 */
function isBeingDeleted({ job: { metadata }, namespaceEnds = false }: Snapshot): boolean {
  return namespaceEnds || (metadata.deletionTimestamp !== undefined && !metadata.finalizers?.includes('orphan'));
}

function reconcileByPhase(snapshot: Snapshot, config: ChildConfig, childJobs: ChildJobs): Reconciliation {
  switch (phaseOf(snapshot)) {
    case 'Succeeded':
    case 'Failed':
      return reconcileFinished(snapshot, childJobs);
    case 'Reopened':
      // Jobs that have used up their retries are deleted first; the status is kept until they are gone.
      return snapshot.jobs.length > 0
        ? { ...NOTHING, writes: snapshot.jobs.flatMap(remove) }
        : reconcileActive(snapshot, config, childJobs);
    case 'Active':
      return reconcileActive(snapshot, config, childJobs);
  }
}

/** A finished job: its last pods are stopped, its Jobs are kept for their logs, and it is deleted after its time to live. */
function reconcileFinished(snapshot: Snapshot, childJobs: ChildJobs): Reconciliation {
  const { job, now } = snapshot;
  const left = timeToLiveMs(job, now);
  if (left === 0) return { ...NOTHING, writes: [deletionOf(job)] };
  const attempts = snapshot.jobs.map((child) => attemptOf(child, snapshot.pods));
  const writes = attempts.flatMap((attempt) =>
    attempt.pods.length > 0 && attempt.pods.every(isLast)
      ? endsOf([attempt], job.spec.cluster.backoffLimit)
      : stop(attempt.job),
  );
  return requeueAt({ ...NOTHING, writes, ...changedStatus(job, statusStillOver(snapshot, childJobs)) }, left);
}

/** A job that is not finished: observe it, decide, and turn the decision into writes, a status and events. */
function reconcileActive(snapshot: Snapshot, config: ChildConfig, childJobs: ChildJobs): Reconciliation {
  const { job, now } = snapshot;
  const seen = observe(snapshot, childJobs);
  const decided = decide(seen.jobState);

  // The schedule is a function of plan and spec, so it is valid even while its ConfigMap is not in the cache (yet, or any more).
  const { schedule } = decided;
  const observed: ObservedJob = { ...seen, jobState: { ...seen.jobState, ...(schedule && { schedule }) } };

  // A missed deadline, or a spec from which no child can be created, fails the job instead.
  const { decision: inTime, nextMs } = withinDeadlines(snapshot, observed, withRetryHint(decided));
  const { decision, writes } = toWrites(inTime, { snapshot, config, observed });
  const { stage } = decision;

  const problem = problemOf(snapshot, observed, { decision, config });
  const status = statusOf({
    snapshot,
    observed,
    decision,
    operatorVersion: config.operatorVersion,
    ...(problem !== undefined && { problem }),
  });
  const events = eventsBetween(job.status, status);

  // A verdict is recorded, or removed, before it is acted upon: the writes wait for the next reconcile.
  if ((verdictOf(status) === undefined) !== (verdictOf(job.status) === undefined)) {
    return { ...NOTHING, status, events, requeueAfterMs: REQUEUE_NOW_MS };
  }

  // Lingering pods are deleted only once the status holds everything that they reported.
  const changed = changedStatus(job, status);
  const attempts = Object.values(childJobs.roles).flatMap((role) => role.attempts);
  const ends = endsOf(attempts, job.spec.cluster.backoffLimit);
  const isRecorded = changed.status === undefined;

  const active = stageAttempt(observed, stage);
  const result: Reconciliation = {
    writes: [...removeStale(childJobs), ...writes, ...(isRecorded ? ends : [])],
    ...changed,
    events,
    ...choosePoll(observed, stage, job.spec.cluster),
    needsEvents: findUnexplained(active, now),
  };
  return requeueAt(
    result,
    nextMs,
    isRecorded || ends.length === 0 ? undefined : REQUEUE_NOW_MS,
    active !== undefined && isStuck(active) ? STUCK_POD_MS : undefined,
    ...attempts.map((attempt) => settlesInMs(attempt, now)),
  );
}

function withinDeadlines(
  snapshot: Snapshot,
  observed: ObservedJob,
  decision: Decision,
): { readonly decision: Decision; readonly nextMs?: number } {
  const role = roleOfStage(decision.stage);
  const startTime = startTimeOf(snapshot, decision.stage);
  if (role === undefined || startTime === undefined) return { decision };
  const { cause, nextMs } = deadlines({
    cluster: snapshot.job.spec.cluster,
    startTime,
    pods: stagePods(observed, decision.stage),
    now: snapshot.now,
  });
  if (cause !== undefined) return { decision: failed(cause) };
  return { decision, ...(nextMs !== undefined && { nextMs }) };
}

/** The writes for a decision. While children of another revision exist, nothing is started beside them. */
function toWrites(
  decision: Decision,
  { snapshot, config, observed }: { snapshot: Snapshot; config: ChildConfig; observed: ObservedJob },
): { readonly decision: Decision; readonly writes: readonly Write[] } {
  const { childJobs, plan, jobState } = observed;
  const isBlocked = childJobs.stale.jobs.length > 0 || childJobs.stale.running;
  const actions = isBlocked ? decision.actions.filter(({ type }) => type === 'StopAll') : decision.actions;
  try {
    const writes = writesOf(
      { ...decision, actions },
      {
        job: snapshot.job,
        config,
        childJobs,
        ...(plan !== undefined && { plan }),
        ...(jobState.schedule !== undefined && { schedule: jobState.schedule }),
      },
    );
    return { decision, writes };
  } catch (error) {
    if (!(error instanceof DistillError) || error.kind !== 'Input') throw error;
    const { code, reason, message, fix, exitCode } = error;
    return {
      decision: failed({ process: 'job', exitCode, code, reason, message, fix }),
      writes: [],
    };
  }
}

const failed = (cause: FailureCause): Decision => ({ stage: 'Failed', actions: [], cause });

/** On a cluster, a failed job is retried by changing its spec. */
function withRetryHint(decision: Decision): Decision {
  const { cause } = decision;
  if (cause === undefined) return decision;
  const hint = 'Any change of the spec starts it again, from its last checkpoints.';
  return { ...decision, cause: { ...cause, fix: sentences(cause.fix, hint) } };
}

function problemOf(
  snapshot: Snapshot,
  observed: ObservedJob,
  { decision: { stage }, config }: { readonly decision: Decision; readonly config: ChildConfig },
): JobProblem | undefined {
  const { podWarnings, claims, hasKueue, job, now } = snapshot;
  if (roleOfStage(stage) === undefined) return undefined;
  const attempt = stageAttempt(observed, stage);
  const lacking = attempt === undefined ? classProblem(job, config) : undefined;
  if (lacking !== undefined) return lacking;
  const held = attempt && heldProblem(attempt.job, hasKueue);
  if (held !== undefined) return held;
  const ofJob = attempt === undefined ? {} : { job: attempt.job };
  return (
    diagnose({ pods: attempt?.pods ?? [], podWarnings, claims, spec: job.spec, now, ...ofJob }) ??
    (stage === 'Planning' ? inputsProblem(snapshot, attempt?.pods ?? []) : undefined)
  );
}

function changedStatus(
  { status }: DistillationJobObject,
  desired: DistillationJobStatus,
): { status?: DistillationJobStatus } {
  return sameStatus(status, desired) ? {} : { status: desired };
}

const deletionOf = ({ metadata: { name, uid } }: DistillationJobObject): Write => ({
  type: 'Delete',
  resource: 'distillationjobs',
  name,
  uid,
});

/** Requeues at the earliest of these times. */
function requeueAt(result: Reconciliation, ...times: readonly (number | undefined)[]): Reconciliation {
  const due = [result.requeueAfterMs, ...times].filter((time) => time !== undefined);
  return due.length === 0 ? result : { ...result, requeueAfterMs: Math.min(...due) };
}
