import { duration } from '@distillation/api/format';
import { printable } from './tables/columns.ts';

/**
 * A student that is not the one that the manifest asks for: of another selection, fine-tuning or input, so that a run in the same folder
 * makes the other one; or of blocks that were trained otherwise, which cannot stand in one folder with those of the manifest.
 */
export type FormerStudent = 'OfOtherManifest' | 'OfOtherBlocks';

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
  /** Of which other manifest the student in the folder is. */
  readonly former?: FormerStudent;
  /** Of a finished job: a file of the student that the manifest asks for is not there, or damaged. */
  readonly lacksFiles?: true;
}

/** Says which processes work on the job or, if none does, what went wrong and how to resume. */
export function summaryLines(summary: JobSummary): string[] {
  const { working, quietSeconds, failure, onlyPlanned, folder, resume, former } = summary;
  if (working.length > 0) {
    return [`${working.join(', ')} ${working.length === 1 ? 'works' : 'work'} on it now.`];
  }
  if (onlyPlanned) return [`This job is planned, not begun. Start it: ${resume}`].map(printable);
  if (quietSeconds === undefined) {
    return [notStarted(folder), `Start it there: ${resume}`].map(printable);
  }
  if (former === 'OfOtherBlocks') return [formerStudentLine(folder, former)];
  return [
    ...(former === undefined ? [] : [formerStudentLine(folder, former)]),
    `Nothing works on it now; the last sign of life was ${duration(quietSeconds)} ago.`,
    ...failureLines(failure),
    `Go on from the last checkpoints: ${resume}`,
  ].map(printable);
}

/** What a run makes of a manifest that was changed after the job was done. */
const NOW: Readonly<Record<FormerStudent, string>> = {
  OfOtherManifest: 'a run makes the one it now asks for.',
  OfOtherBlocks:
    'what it now asks for are blocks trained otherwise, which need a folder of their own: another spec.outputs.path.',
};

/** For a job that was changed after it was done: what is in its folder, and the way back. */
export const formerStudentLine = (folder: string, former: FormerStudent): string =>
  printable(
    `The student in ${folder} is of another version of this manifest; ${NOW[former]} With the manifest as it was, the job is done, with that student.`,
  );

/** For a finished job that was asked for another format since, or has lost a file. */
export const LACKS_FILES =
  'Not all files of the student that the manifest asks for are there; a run writes them, without training.';

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
