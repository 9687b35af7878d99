import type { DistillationJobStatus } from './job.ts';

/** The condition that says how a job ended, which stands until its spec changes; undefined while the job is not finished. */
export function verdictOf(status: DistillationJobStatus | undefined) {
  return status?.conditions?.find(({ type, status: holds }) => type === 'Succeeded' && holds !== 'Unknown');
}
