/** A line of the log, with the time and its end. Layers and files may be called anything, and a line stays a line. */
export function logLine(line: string): string {
  return `${new Date().toISOString()} ${line.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '�')}\n`;
}

/** One line of the worker's log, on stderr; stdout is left to results. */
export function log(line: string): void {
  process.stderr.write(logLine(line));
}

/** A line that a person at the terminal of a local run should see too: sent to the parent, if there is one. */
export function remark(line: string): void {
  log(line);
  // A parent that is gone reads no more.
  if (process.connected) process.send?.({ type: 'Remark', line }, () => undefined);
}
