/** One line of the worker's log, on stderr with the time; stdout is left to results. */
export function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}

/** A line that a person at the terminal of a local run should see too: sent to the parent, if there is one. */
export function remark(line: string): void {
  log(line);
  // A parent that is gone reads no more.
  if (process.connected) process.send?.({ type: 'Remark', line }, () => undefined);
}
