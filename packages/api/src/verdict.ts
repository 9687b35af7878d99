import type { DistillationJobStatus } from './job.ts';

/** The condition by which a job is over, for good until its spec changes; undefined while it is not. */
export function verdictOf(status: DistillationJobStatus | undefined) {
  return status?.conditions?.find(({ type, status: holds }) => type === 'Succeeded' && holds !== 'Unknown');
}
