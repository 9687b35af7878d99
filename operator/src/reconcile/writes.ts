import { canonicalJson } from '@distillation/api/canonical';
import type { BinSchedule } from '@distillation/api/plan';
import type { PlanSummary } from '@distillation/api/termination';
import { finalizerConfigMap, plannerConfigMap, workerConfigMap } from '../objects/config-maps.ts';
import type { ChildConfig } from '../objects/config.ts';
import { finalizerJob, plannerJob, workerJob } from '../objects/jobs.ts';
import { ANNOTATION, isHeld, isMadeAs, queueOf, type Role } from '../objects/labels.ts';
import { type Family, newest, type RoleChildren, type Round, unfinished } from '../observe/child-jobs.ts';
import { roleOfStage } from './requeue.ts';
import { recordedPlan } from '../observe/observe.ts';
import { isPending, isRunning } from '../observe/pod-status.ts';
import type { DistillationJobObject, Write } from '../objects/snapshot.ts';
import type { WireConfigMap, WireJob } from '@distillation/kube/wire';
import type { Decision } from '@distillation/core/decide';
import { finishedCondition } from '@distillation/kube/jobs';

/** Decisions as writes to the API. Each leaves alone what is so already, so that all may be asked for again and again. */

export interface Means {
  readonly job: DistillationJobObject;
  readonly config: ChildConfig;
  readonly family: Family;
  readonly plan?: PlanSummary;
  readonly schedule?: BinSchedule;
}

/** @throws DISTILL_E_MANIFEST_INVALID when no child can be made of this spec */
export function carryOut(decision: Decision, means: Means): Write[] {
  const { family } = means;
  const bins = decision.actions.flatMap((action) => (action.type === 'StartWorker' ? action.bin : []));
  const once = decision.actions.flatMap((action): Write[] => {
    switch (action.type) {
      case 'StartPlanner':
        return start('planner', means);
      case 'StartFinalizer':
        return start('finalizer', means);
      case 'StopAll':
        return Object.values(family.roles).flatMap(({ rounds }) => rounds.flatMap((round) => stop(round.job)));
      case 'StartWorker':
        return [];
    }
  });
  return [
    ...recordPlan(means),
    ...(bins.length > 0 ? start('worker', means, bins) : []),
    ...once,
    ...restoreConfigMaps(means),
    ...stopIdlers(decision, family),
    ...removeUnstarted(decision, means),
  ];
}

/** Children of another spec; what takes their place begins when they are gone. */
export function removeStale({ stale }: Family): Write[] {
  return [...stale.jobs.flatMap(remove), ...stale.configMaps.map((child) => deletion('configmaps', child))];
}

/** Deletes a Job that is not on its way out yet. */
export function remove(job: WireJob): Write[] {
  return job.metadata?.deletionTimestamp === undefined ? [deletion('jobs', job)] : [];
}

/**
 * Ends a Job's pods and keeps what can be kept of it. One that Kueue admits is deleted, since `suspend` is Kueue's there. One that somebody
 * else has suspended is ours from then on.
 */
export function stop(job: WireJob): Write[] {
  if (finishedCondition(job) !== undefined || job.metadata?.deletionTimestamp !== undefined) return [];
  if (queueOf(job) !== undefined) return [deletion('jobs', job)];
  const isAsked = job.spec?.suspend === true && job.metadata?.annotations?.[ANNOTATION.suspend] === 'true';
  return isAsked ? [] : [suspension(job, true)];
}

/** Resumes the Job under way, or makes the next one. */
function start(role: Role, means: Means, bins: readonly number[] = []): Write[] {
  const children = means.family.roles[role];
  const current = unfinished(children);
  if (current !== undefined) {
    if (!current.suspended || isHeld(current.job)) return [];
    return isOutdated(role, current, means) ? remove(current.job) : [suspension(current.job, false)];
  }
  const last = newest(children);
  if (last?.deleting === true) return [];
  const object = jobOf(role, means, { round: last === undefined ? 0 : last.number + 1, bins });
  return [...writeConfigMap(role, means), { type: 'Apply', resource: 'jobs', object }];
}

function jobOf(
  role: Role,
  { job, config }: Means,
  { round, bins }: { readonly round: number; readonly bins: readonly number[] },
): WireJob {
  const input = { config, round };
  return {
    planner: () => plannerJob(job, input),
    worker: () => workerJob(job, { ...input, bins: bins.toSorted((a, b) => a - b) }),
    finalizer: () => finalizerJob(job, input),
  }[role]();
}

/**
 * The operator, or its configuration, would make the Job otherwise today. What it was made as cannot be changed: the next one goes on from
 * the checkpoints.
 */
const isOutdated = (role: Role, { job, number, bins }: Round, means: Means): boolean =>
  !isMadeAs(job, jobOf(role, means, { round: number, bins }));

/**
 * Jobs that are outdated and of which no pod has run, such as for want of an image that the operator now has right: they make room. One
 * whose pods run is left alone, and so is one of a queue: another one would have to wait its turn again.
 */
function removeUnstarted({ stage }: Decision, means: Means): Write[] {
  const role = roleOfStage(stage);
  const round = role && unfinished(means.family.roles[role]);
  if (role === undefined || round === undefined || round.suspended || queueOf(round.job) !== undefined) return [];
  const { succeeded = 0, failed = 0 } = round.job.status ?? {};
  const isUnstarted = succeeded + failed === 0 && round.pods.length > 0 && round.pods.every(isPending);
  return isUnstarted && isOutdated(role, round, means) ? remove(round.job) : [];
}

/** The plan outlives the pod that told it. */
function recordPlan(means: Means): Write[] {
  const { plan, family } = means;
  if (plan === undefined || recordedPlan(family.roles.planner.configMap)?.key === plan.key) return [];
  return writeConfigMap('planner', means);
}

/** A Job's pods cannot start without the ConfigMap that they mount. */
function restoreConfigMaps(means: Means): Write[] {
  const roles = Object.entries(means.family.roles) as [Role, RoleChildren][];
  return roles
    .filter(([role]) => role !== 'planner' || means.plan === undefined)
    .filter(([, children]) => children.configMap === undefined && unfinished(children) !== undefined)
    .flatMap(([role]) => writeConfigMap(role, means));
}

function writeConfigMap(role: Role, means: Means): Write[] {
  const object = configMapOf(role, means);
  if (object === undefined) return [];
  const before = means.family.roles[role].configMap;
  const isSame = before !== undefined && canonicalJson(before.data) === canonicalJson(object.data);
  return isSame ? [] : [{ type: 'Apply', resource: 'configmaps', object }];
}

function configMapOf(role: Role, { job, plan, schedule }: Means): WireConfigMap | undefined {
  if (role === 'planner') return plannerConfigMap(job, plan);
  if (role === 'finalizer') return finalizerConfigMap(job);
  return plan !== undefined && schedule !== undefined ? workerConfigMap(job, { plan, schedule }) : undefined;
}

/**
 * Pods that have no part in the stage: workers that still wait to start when all blocks are finished, and a finalizer that tries again
 * while blocks are missing.
 */
function stopIdlers({ stage }: Decision, { roles }: Family): Write[] {
  const role = stage === 'Training' ? 'finalizer' : stage === 'Finalizing' ? 'worker' : undefined;
  const round = role && unfinished(roles[role]);
  if (round === undefined || queueOf(round.job) !== undefined) return [];
  const isIdle = role === 'finalizer' || (round.pods.some(isPending) && !round.pods.some(isRunning));
  return isIdle ? stop(round.job) : [];
}

function suspension({ metadata }: WireJob, suspend: boolean): Write {
  return { type: 'Suspend', name: metadata?.name ?? '', uid: metadata?.uid ?? '', suspend };
}

function deletion(resource: 'jobs' | 'configmaps', { metadata }: WireJob | WireConfigMap): Write {
  return { type: 'Delete', resource, name: metadata?.name ?? '', uid: metadata?.uid ?? '' };
}
