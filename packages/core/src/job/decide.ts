import { isFinished } from '@distillation/api/words';
import { EXIT } from '@distillation/api/errors';
import type { Bin, BinSchedule } from '@distillation/api/plan';
import { scheduleBlocks } from '../scheduling/schedule.ts';
import { giveUp, inputFailure, noBlockTrained } from './failure.ts';
import { type Action, type FailureCause, NEVER_STARTED, type ProcessState, type JobState } from './state.ts';

/** Stage of a job. `Succeeded` and `Failed` are final. */
export type Stage = 'Planning' | 'Training' | 'Finalizing' | 'Suspended' | 'Succeeded' | 'Failed';

/** Whether a stage is the end of a job. */
export const isEnd = (stage: Stage): boolean => stage === 'Succeeded' || stage === 'Failed';

export type Decision = Judgement & {
  readonly actions: readonly Action[];
  /**
   * Present once there is a plan: the schedule for training, a function of plan and spec. Whoever carries out the decision records it
   * before a worker starts, unless the job state holds it already.
   */
  readonly schedule?: BinSchedule;
};

type Judgement =
  | { readonly stage: Exclude<Stage, 'Failed'>; readonly cause?: undefined }
  | { readonly stage: 'Failed'; readonly cause: FailureCause };

/**
 * The job's state machine: plan, train, finalize. Level-triggered: it depends only on the observed state, so it may be called at any time
 * and any number of times, by a process that has just started. It never starts what is running or done.
 *
 * A process that exits because of invalid input (`EXIT.usage`, `input`, `config`) fails the job at once. Any other exit before its work is
 * done is retried, up to `backoffLimit` times. A result on the volume always ends the job; the job has failed if no block could be trained.
 */
export function decide(jobState: JobState): Decision {
  const schedule = scheduleOf(jobState);
  return { ...judge(jobState, schedule), ...(schedule !== undefined && { schedule }) };
}

function judge(jobState: JobState, schedule: BinSchedule | undefined): Decision {
  if (jobState.result?.outcome === 'NoBlockTrained') return failed(jobState, noBlockTrained(jobState));
  if (jobState.result !== undefined) return { stage: 'Succeeded', actions: stopping(jobState) };
  const cause = inputFailure(jobState);
  if (cause !== undefined) return failed(jobState, cause);
  const next = advance(jobState, schedule);
  // A failed job stays failed; only an active one can be suspended.
  return jobState.suspend && next.stage !== 'Failed' ? { stage: 'Suspended', actions: stopping(jobState) } : next;
}

function advance(jobState: JobState, schedule: BinSchedule | undefined): Decision {
  if (schedule === undefined) {
    return single(jobState, {
      stage: 'Planning',
      process: jobState.planner,
      name: 'planner',
      action: { type: 'StartPlanner' },
    });
  }
  if (unfinishedBlocks(jobState).size > 0) return train(jobState, schedule);
  return single(jobState, {
    stage: 'Finalizing',
    process: jobState.finalizer,
    name: 'finalizer',
    action: { type: 'StartFinalizer' },
  });
}

/** The next step of a stage with a single process. */
function single(
  jobState: JobState,
  step: { stage: Exclude<Stage, 'Failed'>; process: ProcessState; name: string; action: Action },
): Decision {
  const { stage, process, name, action } = step;
  if (process.state === 'Running') return { stage, actions: [] };
  return mayRun(process, jobState) ? { stage, actions: [action] } : failed(jobState, giveUp(name, process));
}

/**
 * Which workers to start: always those with unfinished blocks of their own. With work stealing also those without, as long as there are
 * more unfinished blocks than workers, since they find something to steal. With work stealing, a worker exits with success when nothing
 * is worth stealing for it, and is started again only when no other worker is left to do the rest.
 */
function train(jobState: JobState, schedule: BinSchedule): Decision {
  const unfinished = unfinishedBlocks(jobState);
  const stealing = schedule.policy === 'WorkStealing';
  const bins = schedule.bins
    .filter((bin) => bin.blocks.length > 0)
    .map((bin) => ({ bin, worker: jobState.workers.get(bin.index) ?? NEVER_STARTED, owns: ownsAny(bin, unfinished) }));
  const running = bins.filter(({ worker }) => worker.state === 'Running');
  const startable = bins.filter(({ worker }) => worker.state !== 'Running' && mayRun(worker, jobState));
  const givenUp = bins.filter(({ worker, owns }) => owns && worker.state !== 'Running' && !mayRun(worker, jobState));

  const [lost] = givenUp;
  if (lost !== undefined && (!stealing || running.length + startable.length === 0)) {
    return failed(jobState, giveUp(`bin ${lost.bin.index}`, lost.worker));
  }
  const eager = startable.filter(({ worker }) => !stealing || !endedWell(worker));
  const owners = eager.filter(({ owns }) => owns);
  const helpers = stealing ? eager.filter(({ owns }) => !owns) : [];
  const room = Math.max(0, unfinished.size - running.length - owners.length);
  let starts = [...owners, ...helpers.slice(0, room)];
  if (running.length + starts.length === 0) {
    // No worker is left: start the owners of the unfinished blocks, or else any one worker, which will take the blocks of the others.
    const called = startable.filter(({ owns }) => owns);
    starts = called.length > 0 ? called : startable.slice(0, 1);
  }
  return { stage: 'Training', actions: starts.map(({ bin }) => ({ type: 'StartWorker', bin: bin.index })) };
}

function failed(jobState: JobState, cause: FailureCause): Decision {
  return { stage: 'Failed', actions: stopping(jobState), cause };
}

function stopping({ planner, workers, finalizer }: JobState): Action[] {
  const anyRuns = [planner, finalizer, ...workers.values()].some((process) => process.state === 'Running');
  return anyRuns ? [{ type: 'StopAll' }] : [];
}

/** The schedule of the plan: the recorded one if it is still valid, else a new one. */
function scheduleOf(jobState: JobState): BinSchedule | undefined {
  const { plan, scheduling } = jobState;
  return plan && (usableSchedule(jobState) ?? scheduleBlocks(plan.blocks, plan.epochs, scheduling));
}

/** The recorded schedule, if it matches plan and spec. One that running workers follow stays in force until they have ended. */
function usableSchedule({ schedule, plan, scheduling, workers }: JobState): BinSchedule | undefined {
  if (schedule === undefined) return undefined;
  if ([...workers.values()].some((worker) => worker.state === 'Running')) return schedule;
  const planned = (plan?.blocks ?? []).map((block) => block.name).sort();
  const scheduled = schedule.bins.flatMap((bin) => bin.blocks).sort();
  const fits =
    schedule.policy === scheduling.policy &&
    schedule.passes === scheduling.passes &&
    schedule.bins.length === scheduling.bins &&
    planned.length === scheduled.length &&
    planned.every((name, i) => name === scheduled[i]);
  return fits ? schedule : undefined;
}

/** Planned blocks that are neither trained nor failed. A failed block is finished: the student keeps the teacher's layer. */
function unfinishedBlocks({ plan, blocks }: JobState): ReadonlySet<string> {
  const finished = new Set(blocks.filter(({ state }) => isFinished(state)).map(({ name }) => name));
  return new Set((plan?.blocks ?? []).map((block) => block.name).filter((name) => !finished.has(name)));
}

const ownsAny = (bin: Bin, blocks: ReadonlySet<string>): boolean => bin.blocks.some((name) => blocks.has(name));
const mayRun = (process: ProcessState, { backoffLimit }: JobState): boolean => process.ended <= backoffLimit;
const endedWell = (process: ProcessState): boolean => process.state === 'Exited' && process.exitCode === EXIT.ok;
