import { DistillError } from '@distillation/api/errors';
import { sentence, sentences } from '@distillation/api/sentences';
import { ApiError } from '@distillation/kube/api-error';
import type { ErrorCause } from '../metrics/metrics.ts';
import type { Condition } from '../status/conditions.ts';

/** The reason and message for the job's conditions. */
type Reported = Pick<Condition, 'reason' | 'message'>;

/** What a failed reconcile means for the metrics, the retry and the user. */
interface Classification {
  readonly cause: ErrorCause;
  /** Nothing is wrong: a conflicting write came first, or the namespace is terminating. Retried without a warning. */
  readonly harmless: boolean;
  /** What to tell the user. */
  readonly problem: Reported;
  /** Number of consecutive failures after which the user is told: a retry may well succeed. */
  readonly reportAfter: number;
  /** Fixed delay before the retry, in milliseconds; 0 for the work queue's exponential backoff. */
  readonly waitMs: number;
}

/** A refusal lasts until somebody changes the spec (which triggers a reconcile at once), a quota or a policy. */
const REFUSED_WAIT_MS = 15_000;

export function classify(error: unknown): Classification {
  if (error instanceof ApiError) return ofApi(error);
  if (error instanceof DistillError) {
    return verdict(
      'invalid',
      { reason: error.reason, message: sentences(error.message, error.fix) },
      { reportAfter: 1 },
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  return verdict('internal', {
    reason: 'InternalError',
    message: `The operator failed on this job and tries again: ${sentence(message)} Report it with the operator's log.`,
  });
}

function ofApi(error: ApiError): Classification {
  const { status, message, causes, retryAfterSeconds } = error;
  const askedMs = (retryAfterSeconds ?? 0) * 1000;
  if (causes.some(({ reason }) => reason === 'NamespaceTerminating')) {
    return { ...refused(message), cause: 'forbidden', harmless: true };
  }
  switch (status) {
    case 409:
      return verdict('conflict', unavailable(message), { harmless: true });
    case 400:
    case 422:
      return refused(message);
    case 401:
    case 403:
      return { ...refused(message), cause: 'forbidden' };
    case 404:
      return verdict('invalid', unavailable(message));
    case 429:
      return verdict('throttled', unavailable(message), { waitMs: askedMs });
    default:
      return verdict(status === 0 ? 'unreachable' : 'server', unavailable(message), { waitMs: askedMs });
  }
}

/** An exhausted quota, an admission policy, an invalid pod template, or a permission that the operator lacks. */
const refused = (message: string): Classification =>
  verdict(
    'invalid',
    {
      reason: 'RequestRefused',
      message:
        `The API server refuses what the job needs: ${sentence(message)} Correct the spec, the quota or the policy that is named; ` +
        'the operator tries again by itself.',
    },
    { reportAfter: 1, waitMs: REFUSED_WAIT_MS },
  );

const unavailable = (message: string): Reported => ({
  reason: 'ApiUnavailable',
  message: `The API server does not take the operator's calls, which are repeated: ${sentence(message)}`,
});

const verdict = (cause: ErrorCause, problem: Reported, more: Partial<Classification> = {}): Classification => ({
  cause,
  harmless: false,
  problem,
  reportAfter: 4,
  waitMs: 0,
  ...more,
});
