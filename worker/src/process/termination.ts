import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { type DistillError, describeError } from '@distillation/api/errors';
import { plural } from '@distillation/api/format';
import { encodeTermination, type Termination } from '@distillation/api/termination';

/**
 * The worker's last words: a pod's termination message (the kubelet copies it to the pod's status) or, on a laptop, a message to
 * the parent and the file that it names in DISTILL_TERMINATION_LOG, for onlookers.
 */
const KUBERNETES_PATH = '/dev/termination-log';

/** An error of the catalogue as last words. */
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
 * Says it. A message that cannot be written is no failure: the exit code still tells.
 * @returns false when it is longer than a termination message may be, in a pod; a parent takes any length.
 */
export async function writeTermination(termination: Termination): Promise<boolean> {
  const local = process.env['DISTILL_TERMINATION_LOG'];
  if (local !== undefined) await tellParent(termination);
  const text = encodeShort(termination);
  writeTerminationMessage(text ?? '', local);
  return text !== undefined || local !== undefined;
}

/**
 * As a termination message; of a long list without what only pleases. A result always fits: a finalizer whose result nobody can read
 * would be run again. Undefined for anything else that is too long.
 */
export function encodeShort(termination: Termination): string | undefined {
  for (const shorter of [termination, ...shortened(termination)]) {
    const text = encodeTermination(shorter);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The same in fewer words, and in fewer still. */
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

/** Replaces what was said before. Works on any thread, whatever the main thread does. */
export function writeTerminationMessage(text: string, local = process.env['DISTILL_TERMINATION_LOG']): void {
  try {
    if (local !== undefined) {
      writeFileSync(local, text);
      return;
    }
    // 'r+' so that nothing is created where no kubelet made the file.
    const file = openSync(KUBERNETES_PATH, 'r+');
    try {
      ftruncateSync(file);
      writeSync(file, text);
    } finally {
      closeSync(file);
    }
  } catch {
    // Nobody listens.
  }
}

/** A full disk takes no file, but the parent must still learn that this is what ended the worker. */
function tellParent(termination: Termination): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else {
      process.send(termination, () => {
        resolve();
      });
    }
  });
}

/** Tells of an error in the log and in the last words; the exit code that belongs to it. */
export async function tellError(error: DistillError): Promise<number> {
  process.stderr.write(`${describeError(error)}\n`);
  if (error.code === 'DISTILL_E_INTERNAL')
    process.stderr.write(`${error.cause instanceof Error ? (error.cause.stack ?? '') : ''}\n`);
  await writeTermination(errorTermination(error));
  return error.exitCode;
}

/** Ends the process with this error. */
export async function endWith(error: DistillError): Promise<never> {
  process.exit(await tellError(error));
}
