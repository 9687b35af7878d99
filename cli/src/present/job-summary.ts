import { duration } from '@distillation/api/format';
import { printable } from './columns.ts';

/** How an unfinished job stands, below its table. */
export interface JobSummary {
  /** Roles of the processes that work on it: `planner`, `bin-0`, `finalizer`. */
  readonly working: readonly string[];
  /** Since anything of it showed life; absent when nothing ever did. */
  readonly quietSeconds?: number;
  /** The last error a process ended with. */
  readonly failure?: {
    readonly role: string;
    /** Of the error catalogue. */
    readonly code: string;
    readonly message: string;
    readonly fix: string;
    readonly logFile: string;
  };
  /** Its plan is there, and no process has worked by it yet. */
  readonly onlyPlanned?: true;
  /** The job's folder, which was looked into. */
  readonly folder: string;
  /** The command that goes on with it. */
  readonly resume: string;
}

/** Says who works on the job; when nobody does, what went wrong and how to go on. */
export function summaryLines({ working, quietSeconds, failure, onlyPlanned, folder, resume }: JobSummary): string[] {
  if (working.length > 0) {
    return [`${working.join(', ')} ${working.length === 1 ? 'works' : 'work'} on it now.`];
  }
  if (onlyPlanned) return [`This job is planned, not begun. Start it: ${resume}`].map(printable);
  if (quietSeconds === undefined) {
    return [notStarted(folder), `Start it there: ${resume}`].map(printable);
  }
  return [
    `Nothing works on it now; the last sign of life was ${duration(quietSeconds)} ago.`,
    ...failureLines(failure),
    `Go on from the last checkpoints: ${resume}`,
  ].map(printable);
}

/** Says of a job of which there is no trace where it was looked for: it may run on another volume. */
export function notStarted(folder: string): string {
  return `This job has not been started in ${folder}. If it runs on another volume, name that by --volume.`;
}

function failureLines(failure: JobSummary['failure']): string[] {
  if (failure === undefined) return [];
  if (failure.code === 'DISTILL_E_STOPPED') return ['It was stopped.'];
  return [
    `${failure.role} ended with ${failure.code}: ${failure.message}`,
    `What to do: ${failure.fix}`,
    `Its log: ${failure.logFile}`,
  ];
}
