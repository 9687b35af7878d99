import { setImmediate as turn } from 'node:timers/promises';
import { DistillError } from '@distillation/api/errors';
import { endWith } from './termination.ts';

/**
 * Calls back when the worker should end: on SIGTERM (a pod's process has id 1, which ignores a signal that it does
 * not handle), on SIGINT, or when the parent of a child process is gone, even if that was before this call.
 * @returns a function that removes the callback.
 */
function onStopRequest(act: (why: string) => void): () => void {
  const signals = (['SIGTERM', 'SIGINT'] as const).map(
    (signal) =>
      [
        signal,
        () => {
          act(signal);
        },
      ] as const,
  );
  const onDisconnect = (): void => {
    act('the parent is gone');
  };
  for (const [signal, listener] of signals) process.on(signal, listener);
  process.once('disconnect', onDisconnect);
  // Undefined when there never was a channel, as in a pod.
  const connected = process.connected as boolean | undefined;
  if (connected === false) onDisconnect();
  // An open channel to the parent must not keep a finished worker alive.
  process.channel?.unref();
  return () => {
    for (const [signal, listener] of signals) process.off(signal, listener);
    process.off('disconnect', onDisconnect);
  };
}

const stopped = (who: string, why: string): DistillError =>
  new DistillError('DISTILL_E_STOPPED', `The ${who} was told to stop (${why}).`);

/**
 * Waits until Node has noticed the signals that came during a computation: it looks for them in the poll phase of its event loop, which
 * comes within two rounds.
 *
 * A signal that interrupts a matrix product may damage memory: the kernels of oneDNN before 3.12, and so of TensorFlow 2.20, let the stack pointer
 * point into the heap meanwhile (its issue 4845), where the operating system then puts the state of the interrupted thread. The process may
 * abort, or compute with wrong numbers. So what was computed before a signal was noticed is not written to the volume.
 */
export async function noticeSignals(): Promise<void> {
  await turn();
  await turn();
}

/** Whether the process is about to end, on a signal that `exitOnStopRequest` has noticed. */
let ending = false;

/** To await before results are written, where `exitOnStopRequest` holds: see `noticeSignals`. Never resolves when the process is ending. */
export async function unlessEnding(): Promise<void> {
  await noticeSignals();
  if (ending) await new Promise<never>(() => undefined);
}

/** Until it is undone, a signal to stop ends the process at once: in this phase, finishing the step would save nothing. */
export function exitOnStopRequest(who: string): () => void {
  return onStopRequest((why) => {
    ending = true;
    void endWith(stopped(who, why));
  });
}

/**
 * Whether the process should stop, for code that checks between steps. Work since the last finished epoch is dropped; all before it
 * is on the volume.
 */
export interface StopSignal {
  readonly requested: () => boolean;
  /** @throws DISTILL_E_STOPPED when the process should stop. */
  readonly throwIfRequested: () => void;
}

export function stopSignal(who: string): StopSignal {
  let reason: string | undefined;
  onStopRequest((why) => {
    reason ??= why;
  });
  return {
    requested: () => reason !== undefined,
    throwIfRequested: () => {
      if (reason !== undefined) throw stopped(who, reason);
    },
  };
}
