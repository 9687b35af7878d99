import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DistillError, EXIT, ERRORS, type ErrorCode } from '@distillation/api/errors';
import type { DistillationJob } from '@distillation/api/job';
import type { Report } from '@distillation/api/report';
import { type Decision, decide } from '@distillation/operator/lifecycle/stages';
import type { Action, FailureCause } from '@distillation/operator/lifecycle/world';
import { scheduleBlocks } from '@distillation/operator/scheduling/schedule';
import { type Ledger, openLedger } from '@distillation/worker/volume/ledger';
import { startWorker } from './child.ts';
import { type Observation, observe, Processes } from './world.ts';

/** How often the volume is looked at. */
const POLL_MS = 500;

/** What the caller shows of a run. */
export interface RunDisplay {
  show(observation: Observation, decision: Decision): void;
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
}

/**
 * Runs a job on this machine: the operator's own state machine with child processes for pods and a folder for the volume. It
 * may be killed at any time and run again; it goes on from what is on the volume.
 * @throws DistillError the cause of a failed job; DISTILL_E_WORKER_FAILED when it was told to stop.
 */
export async function runLocal({ job, volume, display, signal }: LocalRun): Promise<RunResult> {
  const folder = join(volume, job.spec.outputs.path);
  const ledger = await openLedger({
    folder,
    writer: 'local',
    log: (line) => {
      display.log(line);
    },
  });
  await ledger.writeJob(job);
  const processes = new Processes();
  const jobFile = await writeJobFile(ledger, job);
  let acted = false;
  try {
    for (;;) {
      const observation = await observe(job, ledger, processes);
      const decision = decide(observation.world);
      display.show(observation, decision);
      for (const action of decision.actions) {
        if (signal.aborted) break;
        acted ||= action.type !== 'StopAll';
        await perform(action, { job, volume, folder, jobFile, ledger, processes, observation });
      }
      if (decision.stage === 'Succeeded' && observation.report !== undefined) {
        return { report: observation.report, alreadyDone: !acted, folder };
      }
      if (decision.stage === 'Failed') throw failure(decision.cause, processes);
      if (signal.aborted) {
        throw new DistillError(
          'DISTILL_E_WORKER_FAILED',
          'Stopped. Run the same command to go on from the last checkpoints.',
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
  const { writeAtomic } = await import('@distillation/worker/volume/atomic');
  const path = ledger.path('job.manifest.json');
  await writeAtomic(ledger.files, path, { bytes: Buffer.from(JSON.stringify(job, null, 2)), writer: 'local' });
  return path;
}

interface Performance {
  readonly job: DistillationJob;
  readonly volume: string;
  readonly folder: string;
  readonly jobFile: string;
  readonly ledger: Ledger;
  readonly processes: Processes;
  readonly observation: Observation;
}

async function perform(
  action: Action,
  { job, volume, folder, jobFile, ledger, processes, observation }: Performance,
): Promise<void> {
  const start = async (role: string, ...command: string[]): Promise<void> => {
    const args = [...command, '--job', jobFile, '--volume', volume];
    processes.started(await startWorker({ role, args, folder }));
  };
  switch (action.type) {
    case 'StartPlanner':
      return start('planner', 'plan');
    case 'WriteSchedule': {
      const { plan } = observation.world;
      if (plan === undefined) return;
      return ledger.writeSchedule(scheduleBlocks(plan.blocks, plan.epochs, job.spec.scheduling));
    }
    case 'StartWorker':
      return start(`bin-${action.bin}`, 'train', '--bin', String(action.bin));
    case 'StartFinalizer':
      return start('finalizer', 'finalize');
    case 'StopAll':
      for (const worker of processes.running()) worker.stop();
  }
}

/** The cause of a failed job as an error of the catalogue, with the log to read. */
function failure(cause: FailureCause | undefined, processes: Processes): DistillError {
  if (cause === undefined) return new DistillError('DISTILL_E_INTERNAL', 'The job failed without a cause.');
  const role = cause.process.replace(' ', '-');
  const code = (Object.keys(ERRORS) as ErrorCode[]).find((known) => ERRORS[known].reason === cause.reason);
  const logFile = processes.logFile(role);
  const hint = cause.exitCode === EXIT.input || logFile === undefined ? '' : ` (log: ${logFile})`;
  return new DistillError(code ?? 'DISTILL_E_WORKER_FAILED', `${cause.message}${hint}`, { subject: cause.process });
}
