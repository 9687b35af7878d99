/**
 * Aborts when the worker is told to end: SIGTERM or SIGINT, or the parent that started it as a child process is gone. Work since
 * the last finished epoch is then dropped; everything before it is on the volume.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      controller.abort(signal);
    });
  }
  process.once('disconnect', () => {
    controller.abort('the parent is gone');
  });
  // An open channel to the parent must not keep a finished worker alive.
  process.channel?.unref();
  return controller.signal;
}
