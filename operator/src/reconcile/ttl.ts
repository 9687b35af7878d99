import type { DistillationJobObject } from '../objects/snapshot.ts';

/**
 * Milliseconds until a finished job is to be deleted, 0 when it is due, undefined when it is kept. Counted from its completion, like
 * `ttlSecondsAfterFinished` of a Kubernetes Job.
 */
export function timeToLiveMs({ spec, status }: DistillationJobObject, now: Date): number | undefined {
  const { ttlSecondsAfterFinished: ttl } = spec.cluster;
  if (ttl === undefined || status?.completionTime === undefined) return undefined;
  return Math.max(0, Date.parse(status.completionTime) + 1000 * ttl - now.getTime());
}
