import { BLOCK_STATES } from '@distillation/api/words';
import type { DistillationJobStatus } from '@distillation/api/job';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import type { NamedJob, Work } from './scraped.ts';

/** Maximum number of jobs exported by name, so that many old failed jobs do not flood Prometheus. */
const MAX_NAMED = 1000;

interface TallyOptions {
  readonly maxNamed?: number;
  /** Keys of labels that are told of the jobs named. */
  readonly propagateLabels?: readonly string[];
}

/** The parts of a job that are counted. */
type Counted = Pick<DistillationJobObject, 'metadata' | 'status'>;

/**
 * Counts jobs and blocks by their status, and lists by name the jobs that have not succeeded: somebody waits for them or has to look at
 * them. A job without a status yet counts as `Unknown`, reason `New`.
 */
export function tally(all: Iterable<Counted>, { maxNamed = MAX_NAMED, propagateLabels = [] }: TallyOptions = {}): Work {
  const jobs = new Map<string, { status: string; reason: string; count: number }>();
  const blocks = Object.fromEntries(BLOCK_STATES.map((state) => [state, 0]));
  const unfinished: Counted[] = [];
  for (const job of all) {
    const { status, reason } = verdictOf(job.status);
    const entry = jobs.get(`${status}/${reason}`) ?? { status, reason, count: 0 };
    entry.count += 1;
    jobs.set(`${status}/${reason}`, entry);
    for (const { state } of job.status?.blocks ?? []) blocks[state] = (blocks[state] ?? 0) + 1;
    if (status !== 'True') unfinished.push(job);
  }
  const named = unfinished
    .toSorted(activeAndNewestFirst)
    .slice(0, maxNamed)
    .map((job) => asNamed(job, propagateLabels));
  return { jobs: [...jobs.values()], blocks, named, unnamed: unfinished.length - named.length };
}

function verdictOf(given: DistillationJobStatus | undefined): { readonly status: string; readonly reason: string } {
  return given?.conditions?.find(({ type }) => type === 'Succeeded') ?? { status: 'Unknown', reason: 'New' };
}

function activeAndNewestFirst(a: Counted, b: Counted): number {
  const rank = ({ status }: Counted): number => (verdictOf(status).status === 'Unknown' ? 0 : 1);
  return rank(a) - rank(b) || b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp);
}

function asNamed({ metadata, status: given }: Counted, keys: readonly string[]): NamedJob {
  const { namespace, name, labels = {} } = metadata;
  const told = keys.flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]]]));
  const { status, reason } = verdictOf(given);
  const percent = given?.progress?.percent;
  return {
    namespace,
    name,
    status,
    reason,
    ...(percent !== undefined && { progress: percent / 100 }),
    ...(told.length > 0 && { labels: Object.fromEntries(told) as Record<string, string> }),
  };
}
