import { roleOf } from '@distillation/api/labels';
import type { DistillationJobStatus } from '@distillation/api/job';
import type { BinSchedule } from '@distillation/api/plan';
import type { PlanSummary } from '@distillation/api/termination';
import { childName } from '../objects/names.ts';
import { conditionsOf } from './conditions.ts';
import { shownState, shownStateOver } from './shown-state.ts';
import { stampConditions } from './stamp.ts';
import type { JobProblem } from '../diagnosis/diagnose.ts';
import type { ChildJobs } from '../observe/child-jobs.ts';
import { type GpuSecondsInput, gpuSecondsOf, isCountDue } from './gpu-seconds.ts';
import type { KnownBlocks } from '../observe/known-blocks.ts';
import type { ObservedJob } from '../observe/observe.ts';
import { stagePods } from '../observe/stage.ts';
import { isAtWork, isOver as isPodOver } from '../observe/pod-status.ts';
import { fraction } from '../observe/result.ts';
import type { Snapshot } from '../objects/snapshot.ts';
import { type Decision, isEnd, type Stage } from '@distillation/core/decide';
import { finalizerWords } from '@distillation/core/finalizer-words';
import { binsFor } from './bins.ts';
import { blocksFor } from './blocks.ts';
import { progressOf } from './progress.ts';
import { timestamp } from '@distillation/kube/time';
import { verdictOf } from '@distillation/api/verdict';

/** The status of a job, for people and programs. What is not known is absent. */

interface StatusInput {
  readonly snapshot: Snapshot;
  readonly observed: ObservedJob;
  readonly decision: Decision;
  readonly problem?: JobProblem;
  readonly operatorVersion: string;
}

export function statusOf(input: StatusInput): DistillationJobStatus {
  const { snapshot, observed, decision, problem, operatorVersion } = input;
  const { job, now } = snapshot;
  const { stage } = decision;
  const { childJobs, plan, knownBlocks, result, jobState } = observed;
  const before = job.status;
  // The same spec has the same plan, even if somebody deleted the objects that hold it.
  const isSameSpec = before?.observedGeneration === job.metadata.generation;
  const isOtherPlan = plan !== undefined && before?.plan !== undefined && before.plan.key !== plan.key;
  const startTime = startTimeOf(snapshot, stage);
  const progress = progressOf({
    spec: job.spec,
    observed,
    stage,
    ...(isSameSpec && before.progress && { before: before.progress }),
  });
  const isRefreshed = progress !== before?.progress;
  const bins = binsFor(observed, { stage, problem, isRefreshed, before: isSameSpec ? before.bins : undefined });
  const count: GpuSecondsInput = {
    ...podsOn(snapshot, childJobs),
    ...(knownBlocks.seconds !== undefined && { seconds: knownBlocks.seconds }),
    ...(!isOtherPlan && before?.gpuSeconds !== undefined && { before: before.gpuSeconds }),
  };
  const gpuSeconds = isRefreshed || isCountDue(count) ? gpuSecondsOf(count) : before.gpuSeconds;
  const completionTime = isEnd(stage) ? ((verdictOf(before) && before?.completionTime) ?? timestamp(now)) : undefined;
  const finalizing = finalizingWords(knownBlocks, { isRefreshed, before: isSameSpec ? before : undefined });
  const conditions = conditionsOf(jobState, decision, {
    atWork: stagePods(observed, stage).some(isAtWork),
    ending: hasProcesses(snapshot, decision),
    ...(finalizing !== undefined && { finalizing }),
    ...(problem !== undefined && { problem }),
  });
  return {
    observedGeneration: job.metadata.generation,
    conditions: stampConditions(conditions, job, now),
    ...shownState(stage, conditions.find(({ type }) => type === 'Succeeded')?.reason ?? stage),
    ...(startTime !== undefined && { startTime }),
    ...(completionTime !== undefined && { completionTime }),
    ...(plan !== undefined && { plan: planOf(plan, jobState.schedule, nameOf(input)) }),
    progress,
    ...(bins.length > 0 && { bins }),
    ...(knownBlocks.blocks.length > 0 && { blocks: blocksFor(observed, { isRefreshed, before }) }),
    ...(result === undefined ? formerStudentOf(before) : { result }),
    ...(gpuSeconds !== undefined && { gpuSeconds }),
    operatorVersion,
  };
}

/** The student that is on the volume while a job that has been changed makes another. */
function formerStudentOf(before: DistillationJobStatus | undefined): Pick<DistillationJobStatus, 'formerStudent'> {
  const { result, formerStudent } = before ?? {};
  if (result !== undefined) return { formerStudent: { path: result.studentPath, sha256: result.studentSha256 } };
  return formerStudent === undefined ? {} : { formerStudent };
}

/** What the finalizer says that it does, or what was told before: a status is not written for this alone. */
function finalizingWords(
  { live }: KnownBlocks,
  { isRefreshed, before }: { readonly isRefreshed: boolean; readonly before: DistillationJobStatus | undefined },
): string | undefined {
  if (isRefreshed && live !== undefined) return live.finalizer && `${finalizerWords(live.finalizer)}.`;
  const told = before?.conditions?.find(({ type }) => type === 'Succeeded');
  return told?.reason === 'Finalizing' ? told.message : undefined;
}

/** Whether a pod of the job has yet to end, including one that only the Job's status counts so far. */
function hasProcesses({ jobs, pods }: Snapshot, { actions }: Decision): boolean {
  const isStopping = actions.some(({ type }) => type === 'StopAll');
  return isStopping || pods.some((pod) => !isPodOver(pod)) || jobs.some(({ status }) => (status?.active ?? 0) > 0);
}

/** When the job started or was last resumed, from which deadlines count. Absent if it has been suspended from the start. */
export function startTimeOf({ job: { status }, now }: Snapshot, stage: Stage): string | undefined {
  if (stage === 'Suspended') return status?.startTime;
  const wasSuspended = status?.conditions?.some(
    ({ type, status: holds, reason }) => type === 'Suspended' && (holds === 'True' || reason === 'Suspending'),
  );
  // A finished job that continues because its spec was changed starts anew.
  const goesOn = !isEnd(stage) && verdictOf(status) !== undefined;
  return (wasSuspended === true || goesOn ? undefined : status?.startTime) ?? timestamp(now);
}

/** The status of a job that stays finished even though its spec was changed. */
export function statusStillOver(snapshot: Snapshot, childJobs: ChildJobs): DistillationJobStatus {
  const { generation } = snapshot.job.metadata;
  const { status = {} } = snapshot.job;
  // Workers that were still running when the job finished hold their GPUs until they have stopped.
  const count: GpuSecondsInput = {
    ...podsOn(snapshot, childJobs),
    ...(status.gpuSeconds !== undefined && { before: status.gpuSeconds }),
  };
  const gpuSeconds = isCountDue(count) ? gpuSecondsOf(count) : status.gpuSeconds;
  const conditions = status.conditions?.map((condition) => ({ ...condition, observedGeneration: generation }));
  return {
    ...status,
    ...shownStateOver(status),
    observedGeneration: generation,
    ...(conditions !== undefined && { conditions }),
    ...(gpuSeconds !== undefined && { gpuSeconds }),
  };
}

/** The pods that hold GPUs, for the count of GPU-seconds. */
const podsOn = (
  { job, pods, now }: Snapshot,
  { roles }: ChildJobs,
): Pick<GpuSecondsInput, 'gpus' | 'pods' | 'current' | 'now'> => ({
  gpus: job.spec.cluster.gpu.count,
  pods: pods.filter((pod) => roleOf(pod) === 'worker'),
  current: roles.worker.attempts.flatMap((attempt) => attempt.pods),
  now,
});

/** Name of the ConfigMap that holds plan and schedule. */
const nameOf = ({ snapshot, observed }: StatusInput): string =>
  childName(snapshot.job.metadata.name, { role: 'worker', revision: observed.childJobs.roles.worker.revision });

function planOf(
  plan: PlanSummary,
  schedule: BinSchedule | undefined,
  configMap: string,
): DistillationJobStatus['plan'] {
  const { validationAccuracy } = plan.teacher;
  return {
    key: plan.key,
    blocks: plan.blocks.length,
    kept: plan.kept,
    ...(plan.unmatched !== undefined && { unmatched: [...plan.unmatched] }),
    epochs: plan.epochs,
    ...(schedule !== undefined && {
      policy: schedule.policy,
      passes: schedule.passes,
      bins: schedule.bins.length,
      ...(schedule.lowerBound > 0 && { balance: (schedule.makespan / schedule.lowerBound).toFixed(2) }),
      configMap,
    }),
    ...(validationAccuracy !== undefined && { teacherAccuracy: fraction(validationAccuracy) }),
  };
}
