import { describeError, toDistillError } from '@distillation/api/errors';
import { openBackend } from '@distillation/worker/backend';
import type { BackendFound } from './machine.ts';

/** A process that opens the best backend, says which it is as JSON on stdout, and ends. */
try {
  const { name, description, notes } = await openBackend({ cpuThreads: 1 });
  const found: BackendFound = { name, description, notes };
  process.stdout.write(JSON.stringify(found));
} catch (thrown) {
  const error = toDistillError(thrown);
  process.stderr.write(describeError(error));
  process.exitCode = error.exitCode;
}
