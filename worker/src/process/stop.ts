import { DistillError } from '@distillation/api/errors';
import { endWith } from './termination.ts';

/**
 * Calls back when the worker is told to end: SIGTERM (a pod is process 1 of its container, which ignores a signal that it does
 * not handle) or SIGINT, or the parent of a child process is gone, even if that was before this call.
 * @returns a function that takes the call back.
 */
function whenTold(act: (why: string) => void): () => void {
  const signals = (['SIGTERM', 'SIGINT'] as const).map(
    (signal) =>
      [
        signal,
        () => {
          act(signal);
        },
      ] as const,
  );
  const orphaned = (): void => {
    act('the parent is gone');
  };
  for (const [signal, listener] of signals) process.on(signal, listener);
  process.once('disconnect', orphaned);
  // Undefined where there never was a channel, as in a pod.
  const connected = process.connected as boolean | undefined;
  if (connected === false) orphaned();
  // An open channel to the parent must not keep a finished worker alive.
  process.channel?.unref();
  return () => {
    for (const [signal, listener] of signals) process.off(signal, listener);
    process.off('disconnect', orphaned);
  };
}

const stopped = (who: string, why: string): DistillError =>
  new DistillError('DISTILL_E_STOPPED', `The ${who} was told to stop (${why}).`);

/** Until it is taken back, being told to stop ends the process at once: it keeps no more on the volume by a step more. */
export function endWhenTold(who: string): () => void {
  return whenTold((why) => {
    void endWith(stopped(who, why));
  });
}

/** Being told to stop, for one who looks between two steps: work since the last finished epoch is then dropped, the rest is on the volume. */
export interface StopSignal {
  readonly asked: () => boolean;
  /** @throws DISTILL_E_STOPPED when it was told. */
  readonly throwIfAsked: () => void;
}

export function stopSignal(who: string): StopSignal {
  let reason: string | undefined;
  whenTold((why) => {
    reason ??= why;
  });
  return {
    asked: () => reason !== undefined,
    throwIfAsked: () => {
      if (reason !== undefined) throw stopped(who, reason);
    },
  };
}
