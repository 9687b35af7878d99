/**
 * A line of the log with the time and a line feed. Control characters, which names of layers and files may contain, are replaced,
 * so that it stays one line.
 */
export function logLine(line: string): string {
  return `${new Date().toISOString()} ${line.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '�')}\n`;
}

/** Writes one line to the worker's log on stderr; stdout is for results. */
export function log(line: string): void {
  process.stderr.write(logLine(line));
}

/** Logs a line that the user of a local run should see too: it is also sent to the parent, if there is one. */
export function remark(line: string): void {
  log(line);
  // The parent may have ended, and then nobody reads the message.
  if (process.connected) process.send?.({ type: 'Remark', line }, () => undefined);
}
