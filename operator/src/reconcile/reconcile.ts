import { sentences } from '@distillation/api/sentences';
import { canonicalJson } from '@distillation/api/canonical';
import { DistillError } from '@distillation/api/errors';
import type { DistillationJobStatus } from '@distillation/api/job';
import type { ChildConfig } from '../objects/config.ts';
import { carryOut, remove, removeStale, stop } from './writes.ts';
import { deadlines } from './deadlines.ts';
import { diagnose, type Trouble } from '../diagnosis/diagnose.ts';
import { eventsBetween } from '../status/events.ts';
import { type Family, roundFrom, sortChildren } from '../observe/child-jobs.ts';
import { observe, type Observation } from '../observe/observe.ts';
import { choosePoll, findPuzzling, isStuck, roleOfStage, stagePods, stageRound } from './requeue.ts';
import { endsOf } from '../diagnosis/lingerers.ts';
import { heldTrouble } from '../diagnosis/held-jobs.ts';
import { isLast } from '../observe/pod-status.ts';
import { settlesInMs } from '../observe/processes.ts';
import type { DistillationJobObject, Reconciliation, Snapshot, Write } from '../objects/snapshot.ts';
import { type Decision, decide } from '@distillation/core/decide';
import { startTimeOf, statusOf, statusStillOver } from '../status/status.ts';
import { standingOf } from './finished.ts';
import { verdictOf } from '@distillation/api/verdict';
import { timeToLiveMs } from './ttl.ts';
import type { FailureCause } from '@distillation/core/state';
import { findZombies } from './unreachable-pods.ts';

const NOTHING: Reconciliation = { writes: [], events: [], puzzling: [] };

/** How soon to look again at a pod that does not start: its cause is to stand in the job's condition within 30 s. */
const STUCK_POD_MS = 10_000;

/** How soon to look again while a pod is on its way out: it may wait for its Job, and its namespace for the pod. */
const ENDING_POD_MS = 10_000;

/**
 * What is to be done about a job, from all that is known of it: the operator as one function. Level-triggered and without memory: it may
 * be called at any time, as often as one likes, on a snapshot a little old, by an operator that has just started.
 *
 * A job's verdict is put on record before anything is done about it, and is lifted before anything is begun anew: a write may destroy
 * what the verdict was made from, and an operator may end between any two.
 */
export function reconcile(snapshot: Snapshot, config: ChildConfig): Reconciliation {
  if (isGoing(snapshot)) return { ...NOTHING, writes: snapshot.jobs.flatMap(remove) };
  if (snapshot.job.metadata.deletionTimestamp !== undefined) return NOTHING;
  const family = sortChildren(snapshot);
  const outcome = judge(snapshot, config, family);
  const zombies = findZombies(snapshot.pods, snapshot.now);
  const abandoned = zombies.pods.map(({ metadata }): Write => ({
    type: 'Abandon',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
  }));
  const isEnding = snapshot.pods.some(({ metadata }) => metadata?.deletionTimestamp !== undefined);
  return lookAgain(
    { ...outcome, writes: [...abandoned, ...outcome.writes] },
    zombies.nextMs,
    isEnding ? ENDING_POD_MS : undefined,
  );
}

/**
 * The job is being deleted, be it with its namespace, and its pods are to end. The garbage collector sees to that when the job is gone, which
 * others may delay; and a namespace waits for its pods, of which a Job with retries by index keeps each last failed one until it has
 * replaced it: never, in a namespace that takes nothing new. Children that are to outlive the job are left alone.
 */
function isGoing({ job: { metadata }, namespaceEnds = false }: Snapshot): boolean {
  return namespaceEnds || (metadata.deletionTimestamp !== undefined && !metadata.finalizers?.includes('orphan'));
}

function judge(snapshot: Snapshot, config: ChildConfig, family: Family): Reconciliation {
  switch (standingOf(snapshot)) {
    case 'Succeeded':
    case 'Failed':
      return settle(snapshot, family);
    case 'Reopened':
      // Jobs that have used up their retries make room for new ones; the status stays until they are gone.
      return snapshot.jobs.length > 0
        ? { ...NOTHING, writes: snapshot.jobs.flatMap(remove) }
        : drive(snapshot, config, family);
    case 'Active':
      return drive(snapshot, config, family);
  }
}

/** A job that is over: its last pods are stopped, its Jobs stay for their logs, and in time it is deleted. */
function settle(snapshot: Snapshot, family: Family): Reconciliation {
  const { job, now } = snapshot;
  const left = timeToLiveMs(job, now);
  if (left === 0) return { ...NOTHING, writes: [deletionOf(job)] };
  const rounds = snapshot.jobs.map((child) => roundFrom(child, snapshot.pods));
  const writes = rounds.flatMap((round) =>
    round.pods.length > 0 && round.pods.every(isLast)
      ? endsOf([round], job.spec.cluster.backoffLimit)
      : stop(round.job),
  );
  return lookAgain({ ...NOTHING, writes, ...changedStatus(job, statusStillOver(snapshot, family)) }, left);
}

/** A job that goes on. */
function drive(snapshot: Snapshot, config: ChildConfig, family: Family): Reconciliation {
  const { job, now } = snapshot;
  const observed = observe(snapshot, family);
  const decided = decide(observed.world);
  // It follows from plan and spec, so it is told of and acted on also when the ConfigMap that holds it has not been seen (yet, or any more).
  const { schedule } = decided;
  const observation: Observation = { ...observed, world: { ...observed.world, ...(schedule && { schedule }) } };
  const { decision, nextMs } = withinDeadlines(snapshot, observation, explained(decided));
  const attempt = tryTo(decision, { snapshot, config, observation });
  const trouble = troubleOf(snapshot, observation, attempt.decision);
  const status = statusOf({
    snapshot,
    observation,
    decision: attempt.decision,
    operatorVersion: config.operatorVersion,
    ...(trouble !== undefined && { trouble }),
  });
  const events = eventsBetween(job.status, status);
  if ((verdictOf(status) === undefined) !== (verdictOf(job.status) === undefined)) {
    return { ...NOTHING, status, events, requeueAfterMs: 1 };
  }
  const { stage } = attempt.decision;
  const round = stageRound(observation, stage);
  const rounds = Object.values(family.roles).flatMap((children) => children.rounds);
  const changed = changedStatus(job, status);
  const ends = endsOf(rounds, job.spec.cluster.backoffLimit);
  // They go with all that they tell, which has to stand in the status before.
  const isTold = changed.status === undefined;
  const result: Reconciliation = {
    writes: [...removeStale(family), ...attempt.writes, ...(isTold ? ends : [])],
    ...changed,
    events,
    ...choosePoll(observation, stage),
    puzzling: findPuzzling(round, now),
  };
  return lookAgain(
    result,
    nextMs,
    isTold || ends.length === 0 ? undefined : 1,
    round !== undefined && isStuck(round) ? STUCK_POD_MS : undefined,
    ...rounds.map((each) => settlesInMs(each, now)),
  );
}

function withinDeadlines(
  snapshot: Snapshot,
  observation: Observation,
  decision: Decision,
): { readonly decision: Decision; readonly nextMs?: number } {
  const role = roleOfStage(decision.stage);
  const startTime = startTimeOf(snapshot, decision.stage);
  if (role === undefined || startTime === undefined) return { decision };
  const { cause, nextMs } = deadlines({
    cluster: snapshot.job.spec.cluster,
    startTime,
    pods: stagePods(observation, decision.stage),
    now: snapshot.now,
  });
  if (cause !== undefined) return { decision: failed(cause) };
  return { decision, ...(nextMs !== undefined && { nextMs }) };
}

/** The writes of a decision. While children of another spec are there, nothing is begun beside them. */
function tryTo(
  decision: Decision,
  { snapshot, config, observation }: { snapshot: Snapshot; config: ChildConfig; observation: Observation },
): { readonly decision: Decision; readonly writes: readonly Write[] } {
  const { family, plan, world } = observation;
  const isBlocked = family.stale.jobs.length > 0 || family.stale.running;
  const actions = isBlocked ? decision.actions.filter(({ type }) => type === 'StopAll') : decision.actions;
  try {
    const writes = carryOut(
      { ...decision, actions },
      {
        job: snapshot.job,
        config,
        family,
        ...(plan !== undefined && { plan }),
        ...(world.schedule !== undefined && { schedule: world.schedule }),
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

/** On a cluster a job is tried again by changing its spec. */
function explained(decision: Decision): Decision {
  const { cause } = decision;
  if (cause === undefined) return decision;
  const hint = 'Any change of the spec starts it again, from its last checkpoints.';
  return { ...decision, cause: { ...cause, fix: sentences(cause.fix, hint) } };
}

function troubleOf(
  { podWarnings, claims, hasKueue, job, now }: Snapshot,
  observation: Observation,
  { stage }: Decision,
): Trouble | undefined {
  if (roleOfStage(stage) === undefined) return undefined;
  const round = stageRound(observation, stage);
  const held = round && heldTrouble(round.job, hasKueue);
  if (held !== undefined) return held;
  const ofJob = round === undefined ? {} : { job: round.job };
  return diagnose({ pods: round?.pods ?? [], podWarnings, claims, spec: job.spec, now, ...ofJob });
}

function changedStatus(
  { status }: DistillationJobObject,
  desired: DistillationJobStatus,
): { status?: DistillationJobStatus } {
  return canonicalJson(status ?? {}) === canonicalJson(desired) ? {} : { status: desired };
}

const deletionOf = ({ metadata: { name, uid } }: DistillationJobObject): Write => ({
  type: 'Delete',
  resource: 'distillationjobs',
  name,
  uid,
});

/** At the earliest of these times. */
function lookAgain(result: Reconciliation, ...times: readonly (number | undefined)[]): Reconciliation {
  const due = [result.requeueAfterMs, ...times].filter((time) => time !== undefined);
  return due.length === 0 ? result : { ...result, requeueAfterMs: Math.min(...due) };
}
