import { describeError, toDistillError } from '@distillation/api/errors';
import { openBackend } from '@distillation/worker/backend';
import type { BackendFound } from './machine.ts';

/** A program that opens the best backend, prints which one it is as JSON to stdout, and exits. */
try {
  const { name, description, notes } = await openBackend({ cpuThreads: 1 });
  const found: BackendFound = { name, description, notes };
  process.stdout.write(JSON.stringify(found));
} catch (thrown) {
  const error = toDistillError(thrown);
  process.stderr.write(describeError(error));
  process.exitCode = error.exitCode;
}
