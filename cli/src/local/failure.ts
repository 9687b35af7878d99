import { DistillError } from '@distillation/api/errors';
import { sentences } from '@distillation/api/sentences';
import type { FailureCause } from '@distillation/core/state';

/** Turns the cause of a failed job into an error of the catalogue that names the log to read. */
export function failureOf({ code, process, message, fix }: FailureCause, logFile?: string): DistillError {
  const log = logFile === undefined ? undefined : `Its log is ${logFile}`;
  return new DistillError(code ?? 'DISTILL_E_WORKER_FAILED', sentences(message, log), {
    subject: process,
    ...(fix !== undefined && { fix }),
  });
}
