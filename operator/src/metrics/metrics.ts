import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { WATCHED } from '../objects/distillation-jobs.ts';
import { RESTART_REASONS } from '@distillation/kube/reflector-options';
import { type Scraped, scrapedGauges } from './scraped.ts';

/**
 * The operator's Prometheus metrics. Label values come from bounded sets, so the number of series does not grow with the number of jobs;
 * metrics that name jobs are computed from the caches at each scrape, up to a limit (`scraped.ts`). A counter with known label values
 * starts at zero for each, since `rate()` does not see the increase of a series that first appears with its first error.
 */

/** How a reconcile ended. */
const RECONCILE_RESULTS = ['success', 'invalid_spec', 'gone', 'not_served', 'error'] as const;
export type ReconcileResult = (typeof RECONCILE_RESULTS)[number];
/** Kinds of errors. */
const ERROR_CAUSES = ['conflict', 'forbidden', 'invalid', 'throttled', 'server', 'unreachable', 'internal'] as const;
export type ErrorCause = (typeof ERROR_CAUSES)[number];
const POLL_RESULTS = ['success', 'timeout', 'unreachable', 'invalid'] as const;
export type PollResult = (typeof POLL_RESULTS)[number];
const GPU_OUTCOMES = ['useful', 'redone', 'idle'] as const;
export type GpuOutcome = (typeof GPU_OUTCOMES)[number];
const JOB_OUTCOMES = ['succeeded', 'failed'] as const;

const RECONCILE_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const API_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const QUEUE_BUCKETS = [0.0001, 0.001, 0.01, 0.1, 0.5, 1, 5, 10, 60];
/** Seconds, from one to a day. */
const BLOCK_BUCKETS = [1, 10, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const MAKESPAN_BUCKETS = [30, 60, 300, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 172_800];

/** Gauges of prom-client that are named like counters. They only sum up gauges that it exports by type. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Creates all metrics in a registry of their own.
 *
 * @param build for `distill_build_info`, and the keys of labels of jobs that `distill_job_labels` tells
 * @param scrape called at each scrape; may return undefined until the caches exist
 */
export function createMetrics(
  build: { readonly version: string; readonly propagateLabels?: readonly string[] },
  scrape: () => Scraped | undefined,
) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const registers = [registry];
  const gauge = <L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  const counter = <L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> =>
    new Counter({ name, help, labelNames: [...labelNames], registers });
  /** A counter with one label that starts at zero for each of its values. */
  const counterBy = <L extends string>(name: string, help: string, known: Readonly<Record<L, readonly string[]>>) => {
    const [label] = Object.keys(known) as L[];
    const made = new Counter<L>({ name, help, labelNames: label === undefined ? [] : [label], registers });
    if (label !== undefined) for (const value of known[label]) made.inc({ [label]: value } as Record<L, string>, 0);
    return made;
  };

  gauge('distill_build_info', 'Always 1; its labels tell which operator runs.', ['version', 'node_version']).set(
    { version: build.version, node_version: process.versions.node },
    1,
  );
  scrapedGauges(registry, scrape, build.propagateLabels);
  const watchRestarts = counter('distill_watch_restarts_total', 'Watches begun anew, by resource and reason.', [
    'resource',
    'reason',
  ]);
  for (const { plural: resource } of WATCHED) {
    for (const reason of RESTART_REASONS) watchRestarts.inc({ resource, reason: reason.toLowerCase() }, 0);
  }
  return {
    registry,
    reconciles: counterBy('distill_reconcile_total', 'Reconciles of a job by how they ended.', {
      result: RECONCILE_RESULTS,
    }),
    reconcileErrors: counterBy('distill_reconcile_errors_total', 'Errors of reconciles by kind.', {
      cause: ERROR_CAUSES,
    }),
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
    watchRestarts,
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
    polls: counterBy('distill_progress_polls_total', 'Questions to worker pods for their progress, by result.', {
      result: POLL_RESULTS,
    }),
    finishedJobs: counterBy('distill_jobs_finished_total', 'Jobs that came to an end, by outcome.', {
      outcome: JOB_OUTCOMES,
    }),
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
    gpuSeconds: counterBy('distill_gpu_seconds_total', 'GPU time of worker pods by what became of it.', {
      outcome: GPU_OUTCOMES,
    }),
  };
}
