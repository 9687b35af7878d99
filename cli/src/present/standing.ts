import { duration } from '@distillation/api/format';
import { printable } from './columns.ts';

/** How an unfinished job stands, below its table. */
export interface Standing {
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
  /** The command that goes on with it. */
  readonly resume: string;
}

/** Says who works on the job; when nobody does, what went wrong and how to go on. */
export function standingLines({ working, quietSeconds, failure, resume }: Standing): string[] {
  if (working.length > 0) {
    return [`${working.join(', ')} ${working.length === 1 ? 'works' : 'work'} on it now.`];
  }
  if (quietSeconds === undefined) return [`This job has not been started. Start it: ${resume}`];
  return [
    `Nothing works on it now; the last sign of life was ${duration(quietSeconds)} ago.`,
    ...failureLines(failure),
    `Go on from the last checkpoints: ${resume}`,
  ].map(printable);
}

function failureLines(failure: Standing['failure']): string[] {
  if (failure === undefined) return [];
  if (failure.code === 'DISTILL_E_STOPPED') return ['It was stopped.'];
  return [
    `${failure.role} ended with ${failure.code}: ${failure.message}`,
    `What to do: ${failure.fix}`,
    `Its log: ${failure.logFile}`,
  ];
}
