import { EXIT } from '@distillation/api/errors';

/** Calls back once when the parent that started this process as a child is gone, even if that was before this call. */
function whenParentIsGone(act: () => void): void {
  // Undefined where there never was a channel, as in a pod.
  const connected = process.connected as boolean | undefined;
  if (connected === false) act();
  else process.once('disconnect', act);
  // An open channel to the parent must not keep a finished worker alive.
  process.channel?.unref();
}

/**
 * Aborts when the worker is told to end: SIGTERM or SIGINT, or the parent is gone. Work since the last finished epoch is then
 * dropped; everything before it is on the volume.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      controller.abort(signal);
    });
  }
  whenParentIsGone(() => {
    controller.abort('the parent is gone');
  });
  return controller.signal;
}

/** Ends the process with its parent: planner and finalizer keep no more on the volume by a step more. */
export function endWithParent(): void {
  whenParentIsGone(() => process.exit(EXIT.retry));
}
