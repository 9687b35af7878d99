/** One line of the worker's log, on stderr with the time; stdout is left to results. */
export function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}
