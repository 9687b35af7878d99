import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { type DistillError, describeError } from '@distillation/api/errors';
import { plural } from '@distillation/api/format';
import { encodeTermination, type Termination } from '@distillation/api/termination';

/**
 * The worker's termination message: in a pod a file that the kubelet copies to the pod's status; in local mode a message to
 * the parent, and the file named by DISTILL_TERMINATION_LOG for observers.
 */
const KUBERNETES_PATH = '/dev/termination-log';

/** An error of the catalogue as a termination message. */
export const errorTermination = ({
  code,
  reason,
  message,
  fix,
}: DistillError): Termination & { readonly type: 'Error' } => ({
  type: 'Error',
  code,
  reason,
  message,
  fix,
});

/**
 * Writes the termination message. A message that cannot be written is no failure, since the exit code remains.
 * @returns false when the message is too long for a pod's termination message; a parent takes any length.
 */
export async function writeTermination(termination: Termination): Promise<boolean> {
  const local = process.env['DISTILL_TERMINATION_LOG'];
  if (local !== undefined) await sendToParent(termination);
  const text = encodeShort(termination);
  writeTerminationMessage(text ?? '', local);
  return text !== undefined || local !== undefined;
}

/**
 * Encodes a termination message and, if it is too long, leaves out what is merely informative. A result always fits: a finalizer
 * whose result cannot be read would be run again. Undefined for anything else that is too long.
 */
export function encodeShort(termination: Termination): string | undefined {
  for (const shorter of [termination, ...shortened(termination)]) {
    const text = encodeTermination(shorter);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Shorter forms of the same message, the longest first. */
function shortened(termination: Termination): Termination[] {
  switch (termination.type) {
    case 'NothingLeft': {
      const blocks = termination.blocks.map(({ name, state, epoch, outcome, failure }) => ({
        name,
        state,
        epoch,
        ...(outcome !== undefined && { outcome }),
        ...(failure !== undefined && { failure }),
      }));
      return [{ ...termination, blocks }];
    }
    case 'Finalized': {
      const { result } = termination;
      const verdicts = result.blocks.map(({ block, selected }) => ({ block, selected }));
      return [verdicts, []].map((blocks) => ({ ...termination, result: { ...result, blocks } }));
    }
    case 'Planned': {
      const { plan } = termination;
      if (plan.unmatched === undefined) return [];
      const inShort = `Of spec.blocks ${plural(plan.unmatched.length, 'pattern has', 'patterns have')} no effect; the planner's log names them.`;
      return [{ ...termination, plan: { ...plan, unmatched: [inShort] } }];
    }
    default:
      return [];
  }
}

/** Replaces an earlier message. Works on any thread, even while the main thread is blocked. */
export function writeTerminationMessage(text: string, local = process.env['DISTILL_TERMINATION_LOG']): void {
  try {
    if (local !== undefined) {
      writeFileSync(local, text);
      return;
    }
    // 'r+' creates no file where the kubelet has made none.
    const file = openSync(KUBERNETES_PATH, 'r+');
    try {
      ftruncateSync(file);
      writeSync(file, text);
    } finally {
      closeSync(file);
    }
  } catch {
    // A message that cannot be written is no failure: the exit code remains.
  }
}

/** On a full disk the file cannot be written, but the parent must still learn that this ended the worker. */
function sendToParent(termination: Termination): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else {
      process.send(termination, () => {
        resolve();
      });
    }
  });
}

/** Reports an error in the log and in the termination message; returns its exit code. */
export async function reportError(error: DistillError): Promise<number> {
  process.stderr.write(`${describeError(error)}\n`);
  if (error.code === 'DISTILL_E_INTERNAL')
    process.stderr.write(`${error.cause instanceof Error ? (error.cause.stack ?? '') : ''}\n`);
  await writeTermination(errorTermination(error));
  return error.exitCode;
}

/** Reports this error and ends the process with its exit code. */
export async function endWith(error: DistillError): Promise<never> {
  process.exit(await reportError(error));
}
