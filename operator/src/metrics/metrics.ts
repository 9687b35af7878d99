import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/**
 * What the operator exports to Prometheus. Labels take values from closed sets only (no names of jobs, pods or namespaces), so the
 * number of series stays the same however many jobs there are.
 */

/** How a reconcile ended. */
export type ReconcileResult = 'success' | 'invalid_spec' | 'gone' | 'error';
/** What kind of thing went wrong. */
export type ErrorCause = 'conflict' | 'forbidden' | 'invalid' | 'throttled' | 'server' | 'unreachable' | 'internal';
export type PollResult = 'success' | 'timeout' | 'unreachable' | 'invalid';
export type GpuOutcome = 'useful' | 'redone' | 'idle';

/** Numbers that are read when Prometheus asks, not counted along the way. */
export interface Scraped {
  /** Jobs by status and reason of their condition `Succeeded`. */
  readonly jobs: readonly { readonly status: string; readonly reason: string; readonly count: number }[];
  readonly blocks: Readonly<Record<string, number>>;
  /** Objects in the caches by resource. */
  readonly cached: Readonly<Record<string, number>>;
  /** Watches that are open now, by resource. */
  readonly watches: Readonly<Record<string, number>>;
  readonly queueDepth: number;
  readonly activeReconciles: number;
  /** Of the reconcile that runs longest; 0 when none does. */
  readonly longestRunningSeconds: number;
  readonly leader: boolean;
}

const RECONCILE_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const API_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const QUEUE_BUCKETS = [0.0001, 0.001, 0.01, 0.1, 0.5, 1, 5, 10, 60];
/** From a second (a toy) to a day. */
const BLOCK_BUCKETS = [1, 10, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const MAKESPAN_BUCKETS = [30, 60, 300, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 172_800];

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Makes all metrics in a registry of their own.
 *
 * @param build for `distill_build_info`
 * @param scrape asked at each scrape; until the caches exist it may return undefined
 */
export function createMetrics(build: { readonly version: string }, scrape: () => Scraped | undefined) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const gauge = <L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  const counter = <L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> =>
    new Counter({ name, help, labelNames: [...labelNames], registers });

  gauge('distill_build_info', 'Always 1; its labels tell which operator runs.', ['version', 'node_version']).set(
    { version: build.version, node_version: process.versions.node },
    1,
  );
  scraped(registry, scrape);
  return {
    registry,
    reconciles: counter('distill_reconcile_total', 'Reconciles of a job by how they ended.', ['result']),
    reconcileErrors: counter('distill_reconcile_errors_total', 'Errors of reconciles by kind.', ['cause']),
    reconcileSeconds: new Histogram({
      name: 'distill_reconcile_duration_seconds',
      help: 'Time that a reconcile took, its API calls included.',
      buckets: RECONCILE_BUCKETS,
      registers,
    }),
    queueAdds: counter('distill_workqueue_adds_total', 'Jobs put into the work queue.'),
    queueRetries: counter('distill_workqueue_retries_total', 'Jobs put back into the work queue after an error.'),
    queueWaitSeconds: new Histogram({
      name: 'distill_workqueue_wait_duration_seconds',
      help: 'Time that a job waited in the work queue.',
      buckets: QUEUE_BUCKETS,
      registers,
    }),
    watchRestarts: counter('distill_watch_restarts_total', 'Watches begun anew, by resource and reason.', [
      'resource',
      'reason',
    ]),
    apiRequests: counter('distill_api_requests_total', 'Requests to the API server; code 0 is no answer.', [
      'verb',
      'resource',
      'code',
    ]),
    apiSeconds: new Histogram({
      name: 'distill_api_request_duration_seconds',
      help: 'Time until the API server had answered; of a watch, until it began.',
      labelNames: ['verb', 'resource'],
      buckets: API_BUCKETS,
      registers,
    }),
    polls: counter('distill_progress_polls_total', 'Questions to worker pods for their progress, by result.', [
      'result',
    ]),
    finishedJobs: counter('distill_jobs_finished_total', 'Jobs that came to an end, by outcome.', ['outcome']),
    blockSeconds: new Histogram({
      name: 'distill_block_duration_seconds',
      help: 'Worker time that training a block took, its share of the prefix included; once a block, when it is done.',
      buckets: BLOCK_BUCKETS,
      registers,
    }),
    plannedMakespan: new Histogram({
      name: 'distill_planned_makespan_seconds',
      help: 'Training time of jobs as scheduled, where costs are in seconds; once a job, when all its blocks are finished.',
      buckets: MAKESPAN_BUCKETS,
      registers,
    }),
    actualMakespan: new Histogram({
      name: 'distill_actual_makespan_seconds',
      help: 'Training time of jobs as it was, for jobs that were not interrupted; once a job, when all its blocks are finished.',
      buckets: MAKESPAN_BUCKETS,
      registers,
    }),
    gpuSeconds: counter('distill_gpu_seconds_total', 'GPU time of worker pods by what became of it.', ['outcome']),
  };
}

/** Gauges that are set at each scrape, all by one reading. */
function scraped(registry: Registry, scrape: () => Scraped | undefined): void {
  const registers = [registry];
  const jobs = new Gauge({
    name: 'distill_jobs',
    help: 'Jobs by status and reason of their condition Succeeded (Unknown while a job is active).',
    labelNames: ['status', 'reason'],
    registers,
    // The first of these gauges sets all; the registry asks them in turn within one scrape.
    collect: () => {
      read();
    },
  });
  const blocks = new Gauge({
    name: 'distill_blocks',
    help: 'Blocks of all jobs by state.',
    labelNames: ['state'],
    registers,
  });
  const cached = new Gauge({
    name: 'distill_cache_objects',
    help: 'Objects in the caches.',
    labelNames: ['resource'],
    registers,
  });
  const watches = new Gauge({
    name: 'distill_watches_open',
    help: 'Open watches.',
    labelNames: ['resource'],
    registers,
  });
  const depth = new Gauge({ name: 'distill_workqueue_depth', help: 'Jobs that wait in the work queue.', registers });
  const active = new Gauge({ name: 'distill_reconcile_active', help: 'Reconciles that run now.', registers });
  const longest = new Gauge({
    name: 'distill_reconcile_longest_running_seconds',
    help: 'Age of the oldest reconcile that runs now; 0 when none does.',
    registers,
  });
  const leader = new Gauge({
    name: 'distill_leader',
    help: 'Whether this replica works: 1 leader, 0 standby.',
    registers,
  });

  function read(): void {
    const now = scrape();
    for (const labelled of [jobs, blocks, cached, watches]) labelled.reset();
    if (now === undefined) return;
    for (const { status, reason, count } of now.jobs) jobs.set({ status, reason }, count);
    for (const [state, count] of Object.entries(now.blocks)) blocks.set({ state }, count);
    for (const [resource, count] of Object.entries(now.cached)) cached.set({ resource }, count);
    for (const [resource, count] of Object.entries(now.watches)) watches.set({ resource }, count);
    depth.set(now.queueDepth);
    active.set(now.activeReconciles);
    longest.set(now.longestRunningSeconds);
    leader.set(now.leader ? 1 : 0);
  }
}
