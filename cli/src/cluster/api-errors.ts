import { DistillError } from '@distillation/api/errors';
import { ApiError } from '@distillation/kube/api-error';
import type { ClusterAccess } from './access.ts';
import { rightsFix } from './rights.ts';

type Place = Pick<ClusterAccess, 'server' | 'namespace'>;

/** What the cluster refuses, in the words of the catalogue. */

export const definitionMissing = ({ server }: Place): DistillError =>
  new DistillError('DISTILL_E_NOT_INSTALLED', `The cluster at ${server} does not know DistillationJobs.`);

export const jobMissing = ({ namespace }: Place, name: string): DistillError =>
  new DistillError('DISTILL_E_JOB_NOT_FOUND', `There is no DistillationJob ${name} in the namespace ${namespace}.`, {
    subject: name,
  });

/**
 * Calls the API server.
 *
 * @param doing what for, as it follows "cannot": `list jobs`
 * @throws DistillError DISTILL_E_CLUSTER_UNREACHABLE, DISTILL_E_CLUSTER_FORBIDDEN, DISTILL_E_CLUSTER_REFUSED; those of `call` as they are
 */
export async function attempt<T>(place: Place, doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    if (thrown instanceof DistillError) throw thrown;
    throw thrown instanceof ApiError ? inOurWords(place, doing, thrown) : unreadable(doing, thrown);
  }
}

function inOurWords({ server, namespace }: Place, doing: string, error: ApiError): DistillError {
  const { status, message, cause } = error;
  const details = { cause: error };
  if (status === 0) {
    const why = cause instanceof Error ? cause.message : message;
    return new DistillError(
      'DISTILL_E_CLUSTER_UNREACHABLE',
      `The API server ${server} does not answer: ${why}`,
      details,
    );
  }
  if (status === 401 || status === 403) {
    return new DistillError(
      'DISTILL_E_CLUSTER_FORBIDDEN',
      `Cannot ${doing} in the namespace ${namespace}: ${message}`,
      { ...details, fix: rightsFix(status, message) },
    );
  }
  const mayPass = error.isRetryable && !error.isConflict && !isUntyped(error);
  const code = mayPass ? 'DISTILL_E_CLUSTER_UNREACHABLE' : 'DISTILL_E_CLUSTER_REFUSED';
  return new DistillError(code, `Cannot ${doing}: ${message}`, details);
}

/** An applied object that does not fit the definition: the API server calls that an error of its own (500), and no repetition helps. */
const isUntyped = ({ message }: ApiError): boolean => message.includes('failed to create typed patch object');

/** What is thrown before anything is sent: a credential plugin that fails, a certificate that cannot be read. */
const unreadable = (doing: string, thrown: unknown): DistillError =>
  new DistillError(
    'DISTILL_E_KUBECONFIG',
    `Cannot ${doing}: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    {
      cause: thrown,
    },
  );
