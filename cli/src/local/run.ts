import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DistillError, internalError } from '@distillation/api/errors';
import type { DistillationJob } from '@distillation/api/job';
import { LAYOUT } from '@distillation/api/layout';
import type { Plan } from '@distillation/api/plan';
import { differingSettings, plannedInputs, trainingRecipe } from '@distillation/api/recipe';
import type { Report } from '@distillation/api/report';
import { type Decision, decide } from '@distillation/core/decide';
import type { Action, FailureCause } from '@distillation/core/state';
import { writeAtomic } from '@distillation/ledger/atomic';
import { attemptOn } from '@distillation/ledger/file-layer';
import { Ledger, openLedger } from '@distillation/ledger/ledger';
import { otherRecipe } from '@distillation/ledger/recipe';
import { startWorker } from './child.ts';
import { failureOf } from './failure.ts';
import { lockJob } from './lock.ts';
import { requireSameData } from '@distillation/worker/same-data';
import { type ObservedJob, observe, Processes } from './observe.ts';

/** How often the volume is observed. */
const POLL_MS = 500;

/** Display of a run, provided by the caller. */
export interface RunDisplay {
  show(observation: ObservedJob, decision: Decision): void;
  log(line: string): void;
}

interface LocalRun {
  readonly job: DistillationJob;
  /** Root of the volume: the folder that the job's paths are relative to. */
  readonly volume: string;
  readonly display: RunDisplay;
  /** When aborted, the workers are told to stop, and the run ends. */
  readonly signal: AbortSignal;
}

export interface RunResult {
  readonly report: Report;
  /** Whether nothing was left to do. */
  readonly alreadyDone: boolean;
  readonly folder: string;
  /** Present if the job has a report but failed, since no block could be trained. */
  readonly failure?: DistillError;
}

interface Driven {
  readonly observation: ObservedJob;
  /** Whether anything had to be started or written. */
  readonly acted: boolean;
  /** Present for a job that failed with a report. */
  readonly failure?: DistillError;
}

/**
 * Runs a job on this machine with the same state machine as the operator, child processes for pods, and a folder for the volume. It may be
 * killed at any time and run again; it resumes from what is on the volume.
 * @throws DistillError the cause of a failed job without a report; DISTILL_E_STOPPED when it was told to stop; DISTILL_E_JOB_RUNNING.
 */
export async function runLocal(run: LocalRun): Promise<RunResult> {
  const {
    observation,
    acted,
    failure: failed,
  } = await drive(run, ({ stage }) => stage === 'Succeeded', {
    onPlan: (plan) => plan.unmatched?.forEach(logOf(run)),
  });
  if (observation.report === undefined) throw internalError('The job ended without a report.');
  return {
    report: observation.report,
    alreadyDone: !acted,
    folder: folderOf(run),
    ...(failed !== undefined && { failure: failed }),
  };
}

/**
 * Only plans the job, like the beginning of a run. If the volume already holds its plan, nothing is written, and the data are read only to
 * check that they have not changed since.
 * @throws DistillError as `runLocal` does; DISTILL_E_DATASET_CHANGED.
 */
export async function planLocal(run: LocalRun): Promise<Plan> {
  const reader = new Ledger({ folder: folderOf(run), writer: 'local', log: logOf(run) });
  const display: RunDisplay = {
    ...run.display,
    // The next stage is not started.
    show: (observation, decision) => {
      if (decision.stage === 'Planning' || decision.stage === 'Failed') run.display.show(observation, decision);
    },
  };
  const fitting = ({ jobState, view }: ObservedJob): Plan | undefined =>
    jobState.plan === undefined ? undefined : view.plan;
  const standing = await observe(run.job, reader, new Processes());
  const known = fitting(standing);
  // Changed data need another plan. The plan of a finished job, however, belongs to its result.
  if (known !== undefined && standing.report === undefined) {
    await requireSameData({ job: run.job, volume: run.volume, ledger: reader, plan: known, log: logOf(run) });
  }
  const plan = known ?? fitting((await drive({ ...run, display }, ({ stage }) => stage !== 'Planning')).observation);
  if (plan === undefined) throw internalError('Planning ended without a plan.');
  return plan;
}

const folderOf = ({ job, volume }: LocalRun): string => join(volume, job.spec.outputs.path);
const logOf =
  ({ display }: LocalRun) =>
  (line: string): void => {
    display.log(line);
  };

/** Observes, decides and acts until `enough` returns true for the decision. */
async function drive(
  run: LocalRun,
  enough: (decision: Decision) => boolean,
  { onPlan }: { readonly onPlan?: (plan: Plan) => void } = {},
): Promise<Driven> {
  const { job, volume, display, signal } = run;
  const folder = folderOf(run);
  const options = { folder, writer: 'local', log: logOf(run) };
  // A problem with the volume is reported at once when a run starts; later the run waits for the volume, as its workers do.
  await openLedger(options);
  const ledger = new Ledger({ ...options, patience: { log: options.log, stopped: () => signal.aborted } });
  await lockJob(ledger);
  await requireSameBlocks(job, ledger);
  await ledger.writeJob(job);
  const processes = new Processes();
  let acted = false;
  let hasPlan = false;
  try {
    for (;;) {
      const observation = await observe(job, ledger, processes);
      // Somebody may have deleted the files that the workers need.
      if (observation.jobState.plan !== undefined && observation.view.plan !== undefined) {
        const { followed } = processes;
        await ledger.restore({ plan: observation.view.plan, ...(followed !== undefined && { schedule: followed }) });
        if (!hasPlan) onPlan?.(observation.view.plan);
        hasPlan = true;
      }
      processes.followed = observation.jobState.schedule;
      const decision = decide(observation.jobState);
      display.show(observation, decision);
      if (decision.stage === 'Failed') {
        const error = failure(decision.cause, processes);
        if (observation.report === undefined) throw error;
        await untilEnded(processes, signal);
        return { observation, acted, failure: error };
      }
      if (enough(decision)) {
        await untilEnded(processes, signal);
        return { observation, acted };
      }
      if (await writeSchedule(ledger, observation, decision)) {
        processes.followed = decision.schedule;
        acted = true;
      }
      for (const action of decision.actions) {
        if (signal.aborted) break;
        acted ||= action.type !== 'StopAll';
        await attemptOn(ledger.files, () =>
          perform(action, { job, volume, folder, ledger, processes, log: options.log }),
        );
      }
      if (signal.aborted) {
        throw new DistillError(
          'DISTILL_E_STOPPED',
          `Stopped while ${decision.stage.toLowerCase()}; what is finished is in ${folder}.`,
        );
      }
      await Promise.race([pause(POLL_MS, signal), ...processes.running().map(({ ended }) => ended)]);
    }
  } finally {
    const running = processes.running();
    for (const worker of running) worker.stop();
    await Promise.all(running.map(({ ended }) => ended));
  }
}

/** How long a process may take from its last file on the volume to its end. */
const LAST_STEPS_MS = 10_000;

/** Whoever has just written what was waited for still records what it has learnt, and its last words. */
async function untilEnded(processes: Processes, signal: AbortSignal): Promise<void> {
  const ended = Promise.all(processes.running().map(({ ended }) => ended));
  await Promise.race([ended, pause(LAST_STEPS_MS, signal, { keepsAlive: false })]);
}

/**
 * The planner would find out only when it has read all data.
 * @throws DISTILL_E_VOLUME_OTHER_JOB when the folder holds blocks that are trained otherwise, whatever teacher and data now are
 */
async function requireSameBlocks({ spec }: DistillationJob, ledger: Ledger): Promise<void> {
  const [plan, recipe] = [await ledger.readPlan(), await ledger.recipe()];
  if (plan === undefined || recipe === undefined) return;
  const own = trainingRecipe(spec, plannedInputs(plan));
  if (recipe === own) return;
  const before = await ledger.readJob();
  const differing = before && differingSettings(before.spec, spec);
  throw otherRecipe(ledger.folder, { found: recipe, recipe: own, ...(differing && { differing }) });
}

/** Ends after that time, or when the signal is aborted, and leaves no listener on it: a run asks twice a second. */
const pause = (ms: number, signal: AbortSignal, { keepsAlive = true } = {}): Promise<void> =>
  delay(ms, undefined, { signal, ref: keepsAlive }).catch(() => undefined);

/** The job as the workers read it: a plain manifest without the ledger's envelope. */
async function writeJobFile(ledger: Ledger, job: DistillationJob): Promise<string> {
  const path = ledger.path(LAYOUT.manifest);
  await writeAtomic(ledger.files, path, { bytes: Buffer.from(JSON.stringify(job, null, 2)), writer: 'local' });
  return path;
}

interface Performance {
  readonly job: DistillationJob;
  readonly volume: string;
  readonly folder: string;
  readonly ledger: Ledger;
  readonly processes: Processes;
  readonly log: (line: string) => void;
}

/** Writes the schedule that workers follow before they start. @returns whether it had to be written */
async function writeSchedule(
  ledger: Ledger,
  { jobState }: ObservedJob,
  { schedule, actions }: Decision,
): Promise<boolean> {
  const isNeeded = actions.some(({ type }) => type === 'StartWorker');
  if (!isNeeded || schedule === undefined || schedule === jobState.schedule) return false;
  await ledger.writeSchedule(schedule);
  return true;
}

async function perform(action: Action, { job, volume, folder, ledger, processes, log }: Performance): Promise<void> {
  const start = async (role: string, ...command: string[]): Promise<void> => {
    const args = [...command, '--job', await writeJobFile(ledger, job), '--volume', volume];
    const onRemark = (line: string): void => {
      log(`${role}: ${line}`);
    };
    processes.started(await startWorker({ role, args, folder, onRemark }));
  };
  switch (action.type) {
    case 'StartPlanner':
      return start('planner', 'plan');
    case 'StartWorker':
      return start(`bin-${action.bin}`, 'train', '--bin', String(action.bin));
    case 'StartFinalizer':
      // The progress of an earlier run is outdated.
      await ledger.files.unlink(ledger.path(LAYOUT.finalizerProgress));
      return start('finalizer', 'finalize');
    case 'StopAll':
      for (const worker of processes.running()) worker.stop();
  }
}

/** Why the job failed. */
function failure(cause: FailureCause | undefined, processes: Processes): DistillError {
  if (cause === undefined) return internalError('The job failed without a cause.');
  return failureOf(cause, processes.logFile(cause.process.replace(' ', '-')));
}
