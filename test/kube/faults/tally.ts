import { afterAll } from 'vitest';

/** Faults injected by the tests of a file, by kind; told when the file is done. */
const injected = new Map<string, number>();

export function tally(kind: string, count = 1): void {
  injected.set(kind, (injected.get(kind) ?? 0) + count);
}

afterAll(() => {
  for (const [kind, count] of injected) process.stdout.write(`faults: ${kind} ${count}\n`);
});
