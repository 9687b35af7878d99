import { duration } from '@distillation/api/format';
import { printable } from './columns.ts';

/** State of an unfinished job, shown below its table. */
export interface JobSummary {
  /** Roles of the processes that work on it: `planner`, `bin-0`, `finalizer`. */
  readonly working: readonly string[];
  /** Seconds since the last sign of life; absent if there was none. */
  readonly quietSeconds?: number;
  /** The last error that a process ended with. */
  readonly failure?: {
    readonly role: string;
    /** Code of the error catalogue. */
    readonly code: string;
    readonly message: string;
    readonly fix: string;
    readonly logFile: string;
  };
  /** It is planned, and no worker has started yet. */
  readonly onlyPlanned?: true;
  /** The job's folder. */
  readonly folder: string;
  /** The command that resumes the job. */
  readonly resume: string;
}

/** Says which processes work on the job or, if none does, what went wrong and how to resume. */
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

/** For a job that was changed after it was done: what is in its folder, and the way back. */
export const olderStudentLine = (folder: string): string =>
  printable(
    `The student in ${folder} is of another version of this manifest; a run makes the one it now asks for. With the manifest as it was, the job is done, with that student.`,
  );

/** For a job without any files: says where it was looked for, since it may run on another volume. */
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
