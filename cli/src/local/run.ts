import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DistillError } from '@distillation/api/errors';
import type { DistillationJob } from '@distillation/api/job';
import { LAYOUT } from '@distillation/api/layout';
import type { Plan } from '@distillation/api/plan';
import type { Report } from '@distillation/api/report';
import { type Decision, decide } from '@distillation/core/decide';
import type { Action, FailureCause } from '@distillation/core/state';
import { writeAtomic } from '@distillation/ledger/atomic';
import { attemptOn } from '@distillation/ledger/file-layer';
import { Ledger, openLedger } from '@distillation/ledger/ledger';
import { startWorker } from './child.ts';
import { failureOf } from './failure.ts';
import { lockJob } from './lock.ts';
import { requireSameData } from '@distillation/worker/same-data';
import { type ObservedJob, observe, Processes } from './observe.ts';

/** How often the volume is looked at. */
const POLL_MS = 500;

/** What the caller shows of a run. */
export interface RunDisplay {
  show(observation: ObservedJob, decision: Decision): void;
  log(line: string): void;
}

export interface LocalRun {
  readonly job: DistillationJob;
  /** Root of the volume: the folder that the job's paths are relative to. */
  readonly volume: string;
  readonly display: RunDisplay;
  /** Aborted: workers are told to end, and the run with them. */
  readonly signal: AbortSignal;
}

export interface RunResult {
  readonly report: Report;
  /** Nothing was left to do. */
  readonly alreadyDone: boolean;
  readonly folder: string;
  /** The job has its report and failed all the same: not one block could be trained. */
  readonly failure?: DistillError;
}

interface Driven {
  readonly observation: ObservedJob;
  /** Whether anything had to be started or written. */
  readonly acted: boolean;
  /** Of a job that failed with a report. */
  readonly failure?: DistillError;
}

/**
 * Runs a job on this machine: the operator's own state machine with child processes for pods and a folder for the volume. It
 * may be killed at any time and run again; it goes on from what is on the volume.
 * @throws DistillError the cause of a failed job that has no report; DISTILL_E_STOPPED when it was told to; DISTILL_E_JOB_RUNNING.
 */
export async function runLocal(run: LocalRun): Promise<RunResult> {
  const {
    observation,
    acted,
    failure: failed,
  } = await drive(run, ({ stage }) => stage === 'Succeeded', {
    onPlan: (plan) => plan.unmatched?.forEach(logOf(run)),
  });
  if (observation.report === undefined) throw new DistillError('DISTILL_E_INTERNAL', 'The job ended without a report.');
  return {
    report: observation.report,
    alreadyDone: !acted,
    folder: folderOf(run),
    ...(failed !== undefined && { failure: failed }),
  };
}

/**
 * Only plans the job, as a run would begin. Where the volume holds its plan already, nothing is written, and only the data are read, to
 * see that they are still those that were planned.
 * @throws DistillError as `runLocal` does; DISTILL_E_DATASET_CHANGED.
 */
export async function planLocal(run: LocalRun): Promise<Plan> {
  const reader = new Ledger({ folder: folderOf(run), writer: 'local', log: logOf(run) });
  const display: RunDisplay = {
    ...run.display,
    // What comes next is not begun.
    show: (observation, decision) => {
      if (decision.stage === 'Planning' || decision.stage === 'Failed') run.display.show(observation, decision);
    },
  };
  const fitting = ({ jobState, view }: ObservedJob): Plan | undefined =>
    jobState.plan === undefined ? undefined : view.plan;
  const standing = await observe(run.job, reader, new Processes());
  const known = fitting(standing);
  // A plan of data that changed since would be another one; that of a finished job is of what came out.
  if (known !== undefined && standing.report === undefined) {
    await requireSameData({ job: run.job, volume: run.volume, ledger: reader, plan: known, log: logOf(run) });
  }
  const plan = known ?? fitting((await drive({ ...run, display }, ({ stage }) => stage !== 'Planning')).observation);
  if (plan === undefined) throw new DistillError('DISTILL_E_INTERNAL', 'Planning ended without a plan.');
  return plan;
}

const folderOf = ({ job, volume }: LocalRun): string => join(volume, job.spec.outputs.path);
const logOf =
  ({ display }: LocalRun) =>
  (line: string): void => {
    display.log(line);
  };

/** Observes, decides and acts until `enough` of what was decided. */
async function drive(
  run: LocalRun,
  enough: (decision: Decision) => boolean,
  { onPlan }: { readonly onPlan?: (plan: Plan) => void } = {},
): Promise<Driven> {
  const { job, volume, display, signal } = run;
  const folder = folderOf(run);
  const options = { folder, writer: 'local', log: logOf(run) };
  // Who starts a run is told at once what is amiss with the volume; one under way waits for it, as its workers do.
  await openLedger(options);
  const ledger = new Ledger({ ...options, patience: { log: options.log, stopped: () => signal.aborted } });
  await lockJob(ledger);
  await ledger.writeJob(job);
  const processes = new Processes();
  let acted = false;
  let hasPlan = false;
  try {
    for (;;) {
      const observation = await observe(job, ledger, processes);
      // Somebody may have taken away what the workers go by.
      if (observation.jobState.plan !== undefined && observation.view.plan !== undefined) {
        await ledger.restore({ plan: observation.view.plan });
        if (!hasPlan) onPlan?.(observation.view.plan);
        hasPlan = true;
      }
      const decision = decide(observation.jobState);
      display.show(observation, decision);
      if (decision.stage === 'Failed') {
        const error = failure(decision.cause, processes);
        if (observation.report === undefined) throw error;
        return { observation, acted, failure: error };
      }
      if (enough(decision)) return { observation, acted };
      acted = (await writeSchedule(ledger, observation, decision)) || acted;
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
      await Promise.race([delay(POLL_MS), aborted(signal), ...processes.running().map(({ ended }) => ended)]);
    }
  } finally {
    const running = processes.running();
    for (const worker of running) worker.stop();
    await Promise.all(running.map(({ ended }) => ended));
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

/** The job as the workers read it: a plain manifest, not the ledger's envelope. */
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

/** Workers follow the schedule on the volume: it is there before they are. @returns whether it had to be written */
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
      // What an earlier life of it said is no news.
      await ledger.files.unlink(ledger.path(LAYOUT.finalizerProgress));
      return start('finalizer', 'finalize');
    case 'StopAll':
      for (const worker of processes.running()) worker.stop();
  }
}

/** Why the job failed. */
function failure(cause: FailureCause | undefined, processes: Processes): DistillError {
  if (cause === undefined) return new DistillError('DISTILL_E_INTERNAL', 'The job failed without a cause.');
  return failureOf(cause, processes.logFile(cause.process.replace(' ', '-')));
}
