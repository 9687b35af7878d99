/** Faults injected by the tests of a file, by kind. */
const injected = new Map<string, number>();

export function tally(kind: string, count = 1): void {
  injected.set(kind, (injected.get(kind) ?? 0) + count);
}

/** Reports the faults of the file that is done. */
export function reportFaults(): void {
  for (const [kind, count] of injected) process.stdout.write(`faults: ${kind} ${count}\n`);
  injected.clear();
}
