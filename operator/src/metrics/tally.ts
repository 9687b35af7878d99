import type { DistillationJobStatus } from '@distillation/api/job';
import type { Scraped } from './metrics.ts';

const BLOCK_STATES = ['Pending', 'Training', 'Done', 'Failed'] as const;

/** Jobs and blocks counted by what their status says. A job without a status yet counts as `Unknown`, reason `New`. */
export function tally(statuses: Iterable<DistillationJobStatus | undefined>): Pick<Scraped, 'jobs' | 'blocks'> {
  const jobs = new Map<string, { status: string; reason: string; count: number }>();
  const blocks = Object.fromEntries(BLOCK_STATES.map((state) => [state, 0]));
  for (const given of statuses) {
    const succeeded = given?.conditions?.find(({ type }) => type === 'Succeeded');
    const { status, reason } = succeeded ?? { status: 'Unknown', reason: 'New' };
    const entry = jobs.get(`${status}/${reason}`) ?? { status, reason, count: 0 };
    entry.count += 1;
    jobs.set(`${status}/${reason}`, entry);
    for (const { state } of given?.blocks ?? []) blocks[state] = (blocks[state] ?? 0) + 1;
  }
  return { jobs: [...jobs.values()], blocks };
}
