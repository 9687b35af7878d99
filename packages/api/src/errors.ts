/**
 * The one catalogue of errors. Each has a stable code (`DISTILL_E_*`), a condition reason (CamelCase, as the Kubernetes API
 * conventions require), a kind that says whether a retry can help, and a fix. Messages name the offending value.
 */

import { COMMAND_ERRORS } from './errors/commands.ts';
import type { ErrorDefinition, ErrorKind } from './errors/definition.ts';
import { INPUT_ERRORS } from './errors/inputs.ts';
import { WORK_ERRORS } from './errors/work.ts';
import { sentence, sentences } from './sentences.ts';

/**
 * Exit codes of every command, after sysexits(3). A pod failure policy fails the job on the code of `Input` and retries on the
 * others.
 */
export const EXIT = { ok: 0, usage: 64, input: 65, internal: 70, retry: 75, config: 78 } as const;

/** Every code, grouped by the part that raises it; within a group, in the order in which a job meets them. */
export const ERRORS = { ...INPUT_ERRORS, ...WORK_ERRORS, ...COMMAND_ERRORS } as const satisfies Record<
  string,
  ErrorDefinition
>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof ERRORS;

/** A reason of the catalogue, for conditions and events. */
export type ErrorReason = (typeof ERRORS)[ErrorCode]['reason'];

/** Whether a text, such as one from a termination message, is a code of the catalogue. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

interface ErrorDetails {
  /** The offending path in the manifest, file, layer or block. */
  readonly subject?: string;
  readonly cause?: unknown;
  /** A fix for this case that replaces the catalogue's, as a sentence. */
  readonly fix?: string;
}

/** An error of the catalogue: `message` is a sentence that names the offending value, `fix` says what to do. */
export class DistillError extends Error {
  override readonly name = 'DistillError';
  readonly code: ErrorCode;
  readonly subject: string | undefined;
  /** What the user can do about it. */
  readonly fix: string;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(sentence(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.subject = details.subject;
    this.fix = details.fix ?? ERRORS[code].fix;
  }

  /** CamelCase reason for a Kubernetes condition. */
  get reason(): ErrorReason {
    return ERRORS[this.code].reason;
  }

  get kind(): ErrorKind {
    return ERRORS[this.code].kind;
  }

  get exitCode(): number {
    if (this.code === 'DISTILL_E_USAGE') return EXIT.usage;
    return { Input: EXIT.input, Retry: EXIT.retry, Internal: EXIT.internal }[this.kind];
  }
}

/** A defect of this project: what the code relies on does not hold. `message` is a sentence that says what was found instead. */
export const internalError = (message: string, details?: ErrorDetails): DistillError =>
  new DistillError('DISTILL_E_INTERNAL', message, details);

/**
 * Any thrown value as a `DistillError`: one of the catalogue is returned unchanged; a full disk and other known errno values are
 * translated; the rest is internal.
 */
export function toDistillError(thrown: unknown): DistillError {
  if (thrown instanceof DistillError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const errno = 'code' in error ? error.code : undefined;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : undefined;
  const details = path === undefined ? { cause: error } : { cause: error, subject: path };
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new DistillError('DISTILL_E_DISK_FULL', error.message, details);
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new DistillError('DISTILL_E_VOLUME_NOT_WRITABLE', error.message, details);
    case 'EIO':
    case 'ESTALE':
      return new DistillError('DISTILL_E_VOLUME_IO', error.message, details);
    default:
      return internalError(error.message, details);
  }
}

/** For a log or a terminal: code, message, fix. */
export function describeError(error: DistillError): string {
  return `${error.code}: ${sentences(error.message, error.fix)}`;
}
