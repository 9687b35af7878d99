/** The `Status` object of an error response. */
interface StatusBody {
  readonly kind?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly code?: number;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly ApiErrorCause[];
  };
}

interface ApiErrorCause {
  readonly reason?: string;
  readonly message?: string;
  /** Such as `spec.replicas`. */
  readonly field?: string;
}

interface ApiErrorDetails {
  readonly retryAfterSeconds?: number | undefined;
  readonly causes?: readonly ApiErrorCause[] | undefined;
  readonly cause?: unknown;
}

/** An error response of the API server, or no response at all (status 0: connection refused, reset, timed out). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 without a response. */
  readonly status: number;
  /** Kubernetes' reason such as `AlreadyExists`; `NoAnswer` without a response, `Silence` if it stopped half-way. */
  readonly reason: string;
  /** The delay that the server asks for (`Retry-After`). */
  readonly retryAfterSeconds: number | undefined;
  readonly causes: readonly ApiErrorCause[];

  constructor(
    answer: { readonly status: number; readonly reason: string; readonly message: string } & ApiErrorDetails,
  ) {
    super(answer.message, answer.cause === undefined ? undefined : { cause: answer.cause });
    this.status = answer.status;
    this.reason = answer.reason;
    this.retryAfterSeconds = answer.retryAfterSeconds;
    this.causes = answer.causes ?? [];
  }

  /** There is no object of this name, or no such resource. */
  get isNotFound(): boolean {
    return this.status === 404;
  }

  /** The caller may not do this here. */
  get isForbidden(): boolean {
    return this.status === 403;
  }

  /** 409 for any reason: a failed precondition, a stale resourceVersion, another field manager, an object that exists already. */
  get isConflict(): boolean {
    return this.status === 409;
  }

  get isAlreadyExists(): boolean {
    return this.reason === 'AlreadyExists';
  }

  /** The resourceVersion or continue token has expired, so a new list is needed. */
  get isGone(): boolean {
    return this.status === 410;
  }

  /** The connection was open but delivered nothing for too long. */
  get isSilence(): boolean {
    return this.reason === 'Silence';
  }

  /** The object of this name has another UID than the requested one. API server 1.34 reports that in three different ways. */
  get isOtherUid(): boolean {
    if (this.status === 422) return this.causes.some((cause) => cause.field === 'metadata.uid');
    return this.status === 409 && /\bUID in the precondition|\buid mismatch\b/i.test(this.message);
  }

  /** Whether the same call may succeed later without a correction: after no response, overload, a server error or a conflict. */
  get isRetryable(): boolean {
    return this.status === 0 || this.status === 409 || this.status === 429 || this.status >= 500;
  }
}

/** The error in a response body, which is a `Status`, or any text from a proxy in between. */
export function errorOfAnswer(status: number, retryAfter: string | undefined, body: string): ApiError {
  const parsed = parseStatus(body);
  const asked = parsed?.details?.retryAfterSeconds ?? (retryAfter === undefined ? undefined : Number(retryAfter));
  return new ApiError({
    status: parsed?.code ?? status,
    reason: parsed?.reason ?? 'Unknown',
    message: parsed?.message ?? `HTTP ${status}: ${body.slice(0, 300)}`,
    retryAfterSeconds: asked !== undefined && Number.isFinite(asked) ? asked : undefined,
    causes: parsed?.details?.causes,
  });
}

/** The error that a watch sends as its last event. */
export function errorOfStatus(object: unknown): ApiError {
  const status = object as StatusBody;
  return errorOfAnswer(typeof status.code === 'number' ? status.code : 500, undefined, JSON.stringify(object));
}

/** The error for a call without a response; the message holds the error code of the socket or of undici. */
export function errorOfNoAnswer(what: string, thrown: unknown): ApiError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const reason = code === 'UND_ERR_BODY_TIMEOUT' ? 'Silence' : 'NoAnswer';
  const message = `${what}: ${code === undefined ? '' : `${code}: `}${error.message}`;
  return new ApiError({ status: 0, reason, message, cause: thrown });
}

function parseStatus(body: string): StatusBody | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && (value as StatusBody).kind === 'Status' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a thrown value is an API error that passes the test. */
export const isApiError = (thrown: unknown, test: (error: ApiError) => boolean): boolean =>
  thrown instanceof ApiError && test(thrown);
