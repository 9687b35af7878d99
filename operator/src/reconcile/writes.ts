import { canonicalJson } from '@distillation/api/canonical';
import type { BinSchedule } from '@distillation/api/plan';
import type { PlanSummary } from '@distillation/api/termination';
import { finalizerConfigMap, plannerConfigMap, workerConfigMap } from '../objects/config-maps.ts';
import type { ChildConfig } from '../objects/config.ts';
import { finalizerJob, plannerJob, workerJob } from '../objects/jobs.ts';
import { unknownClass } from '@distillation/core/pod-classes';
import { ANNOTATION, isHeld, isMadeAs, queueOf } from '../objects/labels.ts';
import type { Role } from '@distillation/api/words';
import {
  type ChildJobs,
  latestAttempt,
  type RoleChildJobs,
  type JobAttempt,
  activeAttempt,
} from '../observe/child-jobs.ts';
import { roleOfStage } from '../observe/stage.ts';
import { recordedPlan } from '../observe/observe.ts';
import { isPending, isRunning } from '../observe/pod-status.ts';
import type { DistillationJobObject, Write } from '../objects/snapshot.ts';
import type { WireConfigMap, WireJob } from '@distillation/kube/wire';
import type { Decision } from '@distillation/core/decide';
import { finishedCondition } from '@distillation/kube/jobs';

/** Translates decisions into writes to the API. What is already as desired needs no write, so reconciling again is harmless. */

interface WriteContext {
  readonly job: DistillationJobObject;
  readonly config: ChildConfig;
  readonly childJobs: ChildJobs;
  readonly plan?: PlanSummary;
  readonly schedule?: BinSchedule;
}

/** @throws DISTILL_E_MANIFEST_INVALID when no child can be created from this spec */
export function writesOf(decision: Decision, means: WriteContext): Write[] {
  const { childJobs } = means;
  const bins = decision.actions.flatMap((action) => (action.type === 'StartWorker' ? action.bin : []));
  const once = decision.actions.flatMap((action): Write[] => {
    switch (action.type) {
      case 'StartPlanner':
        return start('planner', means);
      case 'StartFinalizer':
        return start('finalizer', means);
      case 'StopAll':
        return Object.values(childJobs.roles).flatMap(({ attempts }) =>
          attempts.flatMap((attempt) => stop(attempt.job)),
        );
      case 'StartWorker':
        return [];
    }
  });
  return [
    ...recordPlan(means),
    ...(bins.length > 0 ? start('worker', means, bins) : []),
    ...once,
    ...restoreConfigMaps(means),
    ...stopIdlers(decision, childJobs),
    ...removeUnstarted(decision, means),
  ];
}

/** Deletes the children of other revisions; their successors are created once they are gone. */
export function removeStale({ stale }: ChildJobs): Write[] {
  return [...stale.jobs.flatMap(remove), ...stale.configMaps.map((child) => deletion('configmaps', child))];
}

/** Deletes a Job unless it is being deleted already. */
export function remove(job: WireJob): Write[] {
  return job.metadata?.deletionTimestamp === undefined ? [deletion('jobs', job)] : [];
}

/**
 * Ends a Job's pods by suspending it. A Job in a queue is deleted instead, since its `spec.suspend` belongs to Kueue. If somebody else has
 * suspended the Job, the operator takes the suspension over.
 */
export function stop(job: WireJob): Write[] {
  if (finishedCondition(job) !== undefined || job.metadata?.deletionTimestamp !== undefined) return [];
  if (queueOf(job) !== undefined) return [deletion('jobs', job)];
  const isAsked = job.spec?.suspend === true && job.metadata?.annotations?.[ANNOTATION.suspend] === 'true';
  return isAsked ? [] : [suspension(job, true)];
}

/** Resumes the active Job, or creates the next one. */
function start(role: Role, means: WriteContext, bins: readonly number[] = []): Write[] {
  const children = means.childJobs.roles[role];
  const current = activeAttempt(children);
  if (current !== undefined) {
    if (!current.suspended || isHeld(current.job)) return [];
    if (isOutdated(role, current, means)) return remove(current.job);
    // It may say how long to wait for teacher and data, which a suspended job may change.
    return [...writeConfigMap(role, means), suspension(current.job, false)];
  }
  const last = latestAttempt(children);
  if (last?.deleting === true || lacksClass(means)) return [];
  const object = jobOf(role, means, { attempt: last === undefined ? 0 : last.number + 1, bins });
  return [...writeConfigMap(role, means), { type: 'Apply', resource: 'jobs', object }];
}

function jobOf(
  role: Role,
  { job, config }: WriteContext,
  { attempt, bins }: { readonly attempt: number; readonly bins: readonly number[] },
): WireJob {
  const input = { config, attempt };
  return {
    planner: () => plannerJob(job, input),
    worker: () => workerJob(job, { ...input, bins: bins.toSorted((a, b) => a - b) }),
    finalizer: () => finalizerJob(job, input),
  }[role]();
}

/**
 * Whether the Job's spec differs from the one that this operator and its configuration would create now. A Job's template is immutable, so
 * the Job has to be replaced; the next one resumes from the checkpoints.
 */
const isOutdated = (role: Role, { job, number, bins }: JobAttempt, means: WriteContext): boolean =>
  !lacksClass(means) && !isMadeAs(job, jobOf(role, means, { attempt: number, bins }));

/** Whether no Job can be made, for want of the class that the job names. What was made with it goes on. */
const lacksClass = ({ job, config }: WriteContext): boolean => unknownClass(job.spec.cluster, config) !== undefined;

/**
 * Deletes an outdated Job of which no pod has run, for example because of a wrong image that the operator's configuration no longer
 * names. A Job with running pods is kept, and so is one in a queue, since its successor would have to wait for its turn again.
 */
function removeUnstarted({ stage }: Decision, means: WriteContext): Write[] {
  const role = roleOfStage(stage);
  const attempt = role && activeAttempt(means.childJobs.roles[role]);
  if (role === undefined || attempt === undefined || attempt.suspended || queueOf(attempt.job) !== undefined) return [];
  const { succeeded = 0, failed = 0 } = attempt.job.status ?? {};
  const isUnstarted = succeeded + failed === 0 && attempt.pods.length > 0 && attempt.pods.every(isPending);
  return isUnstarted && isOutdated(role, attempt, means) ? remove(attempt.job) : [];
}

/** Records the plan, so that it outlives the pod that reported it. */
function recordPlan(means: WriteContext): Write[] {
  const { plan, childJobs } = means;
  if (plan === undefined || recordedPlan(childJobs.roles.planner.configMap)?.key === plan.key) return [];
  return writeConfigMap('planner', means);
}

/** Restores missing ConfigMaps, which the pods of active Jobs mount. */
function restoreConfigMaps(means: WriteContext): Write[] {
  const roles = Object.entries(means.childJobs.roles) as [Role, RoleChildJobs][];
  return roles
    .filter(([role]) => role !== 'planner' || means.plan === undefined)
    .filter(([, children]) => children.configMap === undefined && activeAttempt(children) !== undefined)
    .flatMap(([role]) => writeConfigMap(role, means));
}

function writeConfigMap(role: Role, means: WriteContext): Write[] {
  const object = configMapOf(role, means);
  if (object === undefined) return [];
  const before = means.childJobs.roles[role].configMap;
  const isSame = before !== undefined && canonicalJson(before.data) === canonicalJson(object.data);
  return isSame ? [] : [{ type: 'Apply', resource: 'configmaps', object }];
}

function configMapOf(role: Role, { job, config, plan, schedule }: WriteContext): WireConfigMap | undefined {
  if (role === 'planner') return plannerConfigMap(job, plan, config);
  if (role === 'finalizer') return finalizerConfigMap(job, config);
  return plan !== undefined && schedule !== undefined ? workerConfigMap(job, { plan, schedule }, config) : undefined;
}

/**
 * Stops pods that have no work in the stage: workers that still wait to start when all blocks are finished, and a finalizer that retries
 * while blocks are missing.
 */
function stopIdlers({ stage }: Decision, { roles }: ChildJobs): Write[] {
  const role = stage === 'Training' ? 'finalizer' : stage === 'Finalizing' ? 'worker' : undefined;
  const attempt = role && activeAttempt(roles[role]);
  if (attempt === undefined || queueOf(attempt.job) !== undefined) return [];
  const isIdle = role === 'finalizer' || (attempt.pods.some(isPending) && !attempt.pods.some(isRunning));
  return isIdle ? stop(attempt.job) : [];
}

function suspension({ metadata }: WireJob, suspend: boolean): Write {
  return { type: 'Suspend', name: metadata?.name ?? '', uid: metadata?.uid ?? '', suspend };
}

function deletion(resource: 'jobs' | 'configmaps', { metadata }: WireJob | WireConfigMap): Write {
  return { type: 'Delete', resource, name: metadata?.name ?? '', uid: metadata?.uid ?? '' };
}
