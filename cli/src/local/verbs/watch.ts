import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sentences } from '@distillation/api/sentences';
import { DistillError, EXIT, isErrorCode } from '@distillation/api/errors';
import { duration } from '@distillation/api/format';
import { localDisplay } from '../display.ts';
import { failureOf } from '../failure.ts';
import { type JobView, jobViewer } from '../job-view.ts';
import { endTable } from '../../present/tables/end-table.ts';
import { formerStudentLine, notStarted, type JobSummary } from '../../present/job-summary.ts';
import { type LocalJobOptions, readManifest, resumeCommand } from '../../commands/manifest.ts';
import { interruption } from '../../interruption.ts';

const POLL_MS = 1000;
/** How long to wait after an error: a failed process is restarted at once or not at all. */
const FAILED_QUIET_SECONDS = 15;
/** How long to wait otherwise: a starting worker may be silent while it opens a large data set. */
const QUIET_SECONDS = 180;

/** `watch` on this machine: only reads the volume. */
export async function watchHere(options: LocalJobOptions): Promise<void> {
  const job = await readManifest(options.filename);
  const volume = resolve(options.volume);
  const folder = join(volume, job.spec.outputs.path);
  const display = localDisplay(process.stdout, { own: false });
  const log = (line: string): void => {
    display.log(line);
  };
  const look = jobViewer({ job, volume, resume: resumeCommand(options), log });
  const stop = interruption('View');
  let told = false;
  while (!stop.aborted) {
    const seen = await look();
    const { former, working } = seen.summary;
    if (former === 'OfOtherBlocks' && working.length === 0) throw ofOtherBlocks(seen.summary);
    if (former !== undefined && !told) log(formerStudentLine(folder, former));
    told ||= former !== undefined;
    const { report } = seen.observed;
    if (report !== undefined) {
      display.clear();
      process.stdout.write(`${endTable(report, folder)}\n`);
      const { cause } = seen.decision;
      if (cause !== undefined) throw failureOf(cause);
      return;
    }
    display.show(seen.observed, seen.decision);
    if (hasStopped(seen)) throw stopped(seen.summary);
    await delay(POLL_MS, undefined, { signal: stop }).catch(() => undefined);
  }
  display.leave();
  process.exitCode = EXIT.retry;
}

/** Nothing will come of a manifest whose folder holds other blocks. */
const ofOtherBlocks = ({ folder }: JobSummary): DistillError =>
  new DistillError('DISTILL_E_VOLUME_OTHER_JOB', formerStudentLine(folder, 'OfOtherBlocks'), { subject: folder });

/** Whether the job has stopped and will not continue by itself. */
export function hasStopped({ summary: { quietSeconds, failure } }: Pick<JobView, 'summary'>): boolean {
  const patience = failure === undefined ? QUIET_SECONDS : FAILED_QUIET_SECONDS;
  return (quietSeconds ?? Infinity) > patience;
}

/** The error that says why there is nothing more to watch. */
export function stopped({ failure, quietSeconds, onlyPlanned, folder, resume }: JobSummary): DistillError {
  if (onlyPlanned || quietSeconds === undefined) {
    const why = onlyPlanned ? 'This job is planned, not begun.' : notStarted(folder);
    return new DistillError('DISTILL_E_USAGE', `There is nothing to watch. ${why}`, {
      fix: `Start it by \`${resume}\`.`,
    });
  }
  const goOn = `Go on from its last checkpoints by \`${resume}\`.`;
  if (failure === undefined) {
    const message = `Nothing has worked on the job for ${duration(quietSeconds)}.`;
    return new DistillError('DISTILL_E_WORKER_FAILED', message, { fix: goOn });
  }
  const { role, message, fix, logFile } = failure;
  const code = isErrorCode(failure.code) ? failure.code : 'DISTILL_E_WORKER_FAILED';
  return new DistillError(code, sentences(`${role}: ${message}`, `Its log is ${logFile}`), {
    subject: role,
    fix: code === 'DISTILL_E_STOPPED' ? goOn : sentences(fix, goOn),
  });
}
