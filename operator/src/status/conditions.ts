import { allOf, noneOf, plural } from '@distillation/api/format';
import { sentences } from '@distillation/api/sentences';
import type { JobProblem } from '../diagnosis/diagnose.ts';
import { type Decision, isEnd, type Stage } from '@distillation/core/decide';
import type { PlannedBlocks, JobState } from '@distillation/core/state';
import type { ConditionReason, ConditionType } from './reasons.ts';

/** A job's conditions, by the Kubernetes API conventions and kstatus. The caller adds the times. */

export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: ConditionReason;
  readonly message: string;
}

/** Further facts about a job on a cluster. */
export interface Circumstances {
  /** What keeps the job from making progress. */
  readonly problem?: Pick<JobProblem, 'reason' | 'message'>;
  /** Whether a pod that does the work of the stage runs. */
  readonly atWork?: boolean;
  /** While the job is finalized: what the finalizer does now, as a sentence, where that is known. */
  readonly finalizing?: string;
  /** For a suspended job: whether any of its pods has yet to end. */
  readonly ending?: boolean;
}

/**
 * All conditions, always the same ones in the same order. Like a Kubernetes Job in kstatus, a job is `Ready` while its workers or its
 * finalizer run; otherwise, or when a problem blocks it, it is `Reconciling`. It is `Suspended` once its last pod has ended.
 */
export function conditionsOf(jobState: JobState, decision: Decision, circumstances: Circumstances = {}): Condition[] {
  const { stage, cause } = decision;
  const { atWork = false, ending = false } = circumstances;
  const isOver = isEnd(stage);
  const isSuspending = stage === 'Suspended' && ending;
  const isActive = !isOver && stage !== 'Suspended';
  const problem = isActive ? circumstances.problem : undefined;
  const isWell = problem === undefined && atWork && (stage === 'Training' || stage === 'Finalizing');
  const summary: Pick<Condition, 'reason' | 'message'> =
    cause !== undefined
      ? { reason: cause.reason, message: sentences(cause.message, cause.fix) }
      : isSuspending
        ? SUSPENDING
        : { reason: stage, message: describe(jobState, stage, circumstances.finalizing) };
  const make = (type: Condition['type'], status: boolean | 'Unknown', why = summary): Condition => ({
    type,
    status: status === 'Unknown' ? status : status ? 'True' : 'False',
    reason: why.reason,
    message: why.message,
  });
  return [
    make('Succeeded', isOver ? stage === 'Succeeded' : 'Unknown', problem ?? summary),
    make('Ready', stage === 'Succeeded' || isWell, problem ?? summary),
    make('Reconciling', isSuspending || (isActive && !isWell), problem ?? summary),
    make('Stalled', stage === 'Failed'),
    make('Suspended', stage === 'Suspended' && !ending),
    ...milestones(jobState),
  ];
}

const SUSPENDING = { reason: 'Suspending', message: 'Its pods are told to end; the work done is kept.' } as const;

/** What has been achieved and is on the volume, whatever the outcome of the job. */
function milestones(jobState: JobState): Condition[] {
  const { done, failed, total } = countBlocks(jobState);
  const trained = total > 0 && done + failed === total;
  const failures = failed === 0 ? '' : `, ${failed} failed`;
  return [
    jobState.plan === undefined
      ? { type: 'Planned', status: 'False', reason: 'NoPlan', message: 'There is no plan yet.' }
      : { type: 'Planned', status: 'True', reason: 'PlanWritten', message: describePlan(jobState.plan) },
    {
      type: 'BlocksTrained',
      status: trained ? 'True' : 'False',
      reason: trained ? (failed === total ? 'AllBlocksFailed' : 'AllBlocksFinished') : 'BlocksUnfinished',
      message: `${done} of ${plural(total, 'block')} trained${failures}.`,
    },
    {
      type: 'Finalized',
      status: jobState.result === undefined ? 'False' : 'True',
      reason: jobState.result?.outcome ?? 'NoResult',
      message: jobState.result === undefined ? 'There is no result yet.' : describeResult(jobState),
    },
  ];
}

const describePlan = ({ blocks, unmatched = [] }: PlannedBlocks): string =>
  sentences(`${plural(blocks.length, 'block')} to train`, ...unmatched);

function describe(
  jobState: JobState,
  stage: Exclude<Stage, 'Failed'>,
  finalizing = 'Measures the blocks, assembles and fine-tunes the student.',
): string {
  const { done, failed, total } = countBlocks(jobState);
  switch (stage) {
    case 'Planning':
      return 'Checks teacher and data, lists the layers to replace.';
    case 'Training':
      return `${done + failed} of ${plural(total, 'block')} finished.`;
    case 'Finalizing':
      return finalizing;
    case 'Suspended':
      return 'No process runs; set spec.cluster.suspend to false to go on from the last checkpoints.';
    case 'Succeeded':
      return describeResult(jobState);
  }
}

function describeResult(jobState: JobState): string {
  const { done, failed, total } = countBlocks(jobState);
  const failures =
    failed === 0
      ? ''
      : ` ${failed} of ${plural(total, 'block')} failed to train; ${failed === 1 ? 'its layer stays' : 'their layers stay'} the teacher's.`;
  switch (jobState.result?.outcome) {
    case 'StudentBuilt':
      return `The student is written.${failures}`;
    case 'NoBlockSelected':
      return `${noneOf(done, 'trained block')} passed the threshold: the teacher is returned unchanged.${failures}`;
    case 'NoBlockTrained':
      return `${allOf(total, 'block')} failed to train: the teacher is returned unchanged.`;
    case undefined:
      return '';
  }
}

function countBlocks({ plan, blocks }: JobState): { done: number; failed: number; total: number } {
  const planned = new Set(plan?.blocks.map((block) => block.name));
  const count = (state: string): number =>
    blocks.filter((block) => planned.has(block.name) && block.state === state).length;
  return { done: count('Done'), failed: count('Failed'), total: planned.size };
}
