/** What stops a command before its end: Ctrl-C, SIGTERM, a terminal that is closed (SIGHUP), an output that nobody reads any more. */

/** The same Ctrl-C may come twice, from the terminal and from the parent process; a second one by hand takes longer. */
const SAME_PRESS_MS = 500;

/** Stops each piece of work under way that has something to clear away. */
const stopWork = new Set<() => void>();

/**
 * An abort signal for Ctrl-C, SIGTERM and SIGHUP. A second Ctrl-C ends the process at once.
 *
 * @param what `Work` has something to clear away, such as a pod or child processes, and is stopped when its output is closed, too; a `View`
 * just ends then
 */
export function interruption(what: 'Work' | 'View' = 'Work'): AbortSignal {
  const stop = new AbortController();
  const abort = (): void => {
    stop.abort();
  };
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, abort);
  let first: number | undefined;
  const interrupt = (): void => {
    first ??= performance.now();
    if (performance.now() - first > SAME_PRESS_MS) {
      process.off('SIGINT', interrupt);
      process.kill(process.pid, 'SIGINT');
    }
    abort();
  };
  process.on('SIGINT', interrupt);
  if (what === 'Work') stopWork.add(abort);
  return stop.signal;
}

/** Stops the work under way as Ctrl-C would; false where there is none. */
export function interruptWork(): boolean {
  for (const stop of stopWork) stop();
  return stopWork.size > 0;
}
