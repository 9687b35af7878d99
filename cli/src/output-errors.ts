import { describeError, DistillError, toDistillError } from '@distillation/api/errors';
import { interruptWork } from './interruption.ts';
import { complain } from './present/complain.ts';

/** Nobody reads it any more: `| head`, a terminal that is closed. */
const GONE = ['EPIPE', 'ECONNRESET', 'EIO', 'ENXIO'];

/**
 * The error of an output that cannot be written, for the other one; undefined where its reader has gone, which needs no word. Pure.
 */
export function outputError(thrown: NodeJS.ErrnoException): DistillError | undefined {
  if (GONE.includes(thrown.code ?? '')) return undefined;
  const { code } = toDistillError(thrown);
  return new DistillError(code, `The output cannot be written: ${thrown.message}`, {
    cause: thrown,
    ...(code === 'DISTILL_E_DISK_FULL' && {
      fix: 'Free space where it goes, or send it elsewhere, and run the same command again.',
    }),
  });
}

/**
 * Ends the process when one of its outputs cannot be written: in silence when its reader has gone, else with one line. What has something to
 * clear away is stopped as by Ctrl-C, and ends by itself.
 */
export function mindOutputs(): void {
  let over = false;
  const end = (thrown: NodeJS.ErrnoException): void => {
    if (over) return;
    over = true;
    const error = outputError(thrown);
    if (error !== undefined) {
      process.exitCode = error.exitCode;
      complain(describeError(error));
    }
    // A command that has just failed sets its exit status in this turn.
    if (!interruptWork()) setImmediate(() => process.exit());
  };
  for (const output of [process.stdout, process.stderr]) output.on('error', end);
}
