import { Gauge, type Registry } from 'prom-client';

/** Values that are computed when Prometheus scrapes, rather than counted as things happen. */
export interface Scraped {
  /** About the jobs; only the leader exports it, so that a sum over replicas counts each job once. */
  readonly work?: Work;
  /** Whether the jobs of each watched namespace can be run here; `*` is all of the cluster. */
  readonly scopes: readonly { readonly scope: string; readonly available: boolean }[];
  /** Namespaces of a cluster-wide operator that another operator claims. */
  readonly leftNamespaces: number;
  /** Objects in the caches by resource. */
  readonly cached: Readonly<Record<string, number>>;
  /** Watches that are open now, by resource. */
  readonly watches: Readonly<Record<string, number>>;
  readonly queueDepth: number;
  readonly activeReconciles: number;
  /** Age of the oldest running reconcile; 0 when none runs. */
  readonly longestRunningSeconds: number;
  readonly leader: boolean;
}

export interface Work {
  /** Jobs by status and reason of their condition `Succeeded`. */
  readonly jobs: readonly { readonly status: string; readonly reason: string; readonly count: number }[];
  readonly blocks: Readonly<Record<string, number>>;
  /** Jobs that have not succeeded, by name; a bounded number. */
  readonly named: readonly NamedJob[];
  /** How many more there are. */
  readonly unnamed: number;
}

export interface NamedJob {
  readonly namespace: string;
  readonly name: string;
  readonly status: string;
  readonly reason: string;
  /** Part of the work that is done; absent when it is not known. */
  readonly progress?: number;
  /** Those of its labels that the operator propagates; absent when it has none of them. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Name of a metric's label for the label of an object, as kube-state-metrics has it. */
export const metricLabel = (key: string): string => `label_${key.replaceAll(/[^A-Za-z0-9_]/g, '_')}`;

/** Gauges that are all set from one reading at each scrape. The series of deleted objects disappear. */
export function scrapedGauges(
  registry: Registry,
  scrape: () => Scraped | undefined,
  propagateLabels: readonly string[] = [],
): void {
  const registers = [registry];
  const gauge = <L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });

  const jobs = new Gauge({
    name: 'distill_jobs',
    help: 'Jobs by status and reason of their condition Succeeded (Unknown while a job is active). Told by the leader alone.',
    labelNames: ['status', 'reason'],
    registers,
    // The registry collects the gauges in order, so the first one sets all of them.
    collect: () => {
      read();
    },
  });
  const blocks = gauge('distill_blocks', 'Blocks of all jobs by state. Told by the leader alone.', ['state']);
  const named = gauge(
    'distill_job_info',
    'Always 1: a job that has not succeeded, with status and reason of its condition Succeeded. The 1000 newest, active ones first; told by the leader alone.',
    ['job_namespace', 'job_name', 'status', 'reason'],
  );
  const progress = gauge('distill_job_progress_ratio', 'Part of the work of each of these jobs that is done.', [
    'job_namespace',
    'job_name',
  ]);
  const labels = gauge<string>(
    'distill_job_labels',
    'Always 1: labels of each of these jobs that the operator is told to propagate, as `label_...`; absent for a job without any.',
    ['job_namespace', 'job_name', ...propagateLabels.map(metricLabel)],
  );
  const unnamed = gauge('distill_jobs_unnamed', 'Jobs that have not succeeded beyond those 1000.');
  const scopes = gauge(
    'distill_scope_available',
    'Whether jobs of a watched namespace ("*": of all) can be run by this replica: 0 when it may not read there, or another operator claims it.',
    ['scope'],
  );
  const left = gauge('distill_namespaces_left', 'Namespaces whose jobs are left to another operator that claims them.');
  const cached = gauge('distill_cache_objects', 'Objects in the caches.', ['resource']);
  const watches = gauge('distill_watches_open', 'Open watches.', ['resource']);
  const depth = gauge('distill_workqueue_depth', 'Jobs that wait in the work queue.');
  const active = gauge('distill_reconcile_active', 'Reconciles that run now.');
  const longest = gauge(
    'distill_reconcile_longest_running_seconds',
    'Age of the oldest reconcile that runs now; 0 when none does.',
  );
  const leader = gauge('distill_leader', 'Whether this replica works: 1 leader, 0 standby.');

  function tellWork(work: Work | undefined): void {
    for (const each of [jobs, blocks, named, progress, labels]) each.reset();
    unnamed.remove();
    if (work === undefined) return;
    for (const { status, reason, count } of work.jobs) jobs.set({ status, reason }, count);
    for (const [state, count] of Object.entries(work.blocks)) blocks.set({ state }, count);
    for (const {
      namespace: job_namespace,
      name: job_name,
      status,
      reason,
      progress: done,
      labels: own,
    } of work.named) {
      named.set({ job_namespace, job_name, status, reason }, 1);
      if (own !== undefined) {
        const told: Record<string, string> = Object.fromEntries(
          Object.entries(own).map(([key, value]) => [metricLabel(key), value]),
        );
        labels.set({ job_namespace, job_name, ...told }, 1);
      }
      if (done !== undefined) progress.set({ job_namespace, job_name }, done);
    }
    unnamed.set(work.unnamed);
  }

  function read(): void {
    const now = scrape();
    tellWork(now?.work);
    for (const each of [scopes, cached, watches]) each.reset();
    if (now === undefined) return;
    for (const { scope, available } of now.scopes) scopes.set({ scope }, available ? 1 : 0);
    for (const [resource, count] of Object.entries(now.cached)) cached.set({ resource }, count);
    for (const [resource, count] of Object.entries(now.watches)) watches.set({ resource }, count);
    left.set(now.leftNamespaces);
    depth.set(now.queueDepth);
    active.set(now.activeReconciles);
    longest.set(now.longestRunningSeconds);
    leader.set(now.leader ? 1 : 0);
  }
}
