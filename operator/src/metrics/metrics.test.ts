import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import { createMetrics } from './metrics.ts';
import type { Scraped } from './scraped.ts';
import { tally } from './tally.ts';
import { lintMetrics, promlint, promtoolOn } from '../../test/metrics.ts';

const SCRAPED: Scraped = {
  work: {
    jobs: [{ status: 'Unknown', reason: 'Training', count: 2 }],
    blocks: { Done: 3, Training: 1 },
    named: [{ namespace: 'ml', name: 'vgg', status: 'Unknown', reason: 'Training', progress: 0.25 }],
    unnamed: 1,
  },
  scopes: [
    { scope: 'a', available: true },
    { scope: 'b', available: false },
  ],
  leftNamespaces: 2,
  cached: { pods: 7 },
  watches: { pods: 1 },
  queueDepth: 4,
  activeReconciles: 1,
  longestRunningSeconds: 0.5,
  leader: true,
};

/** Every metric with each of its labels used at least once: an unused label would escape the lint. */
function used() {
  const metrics = createMetrics({ version: '1.2.3' }, () => SCRAPED);
  metrics.reconciles.inc({ result: 'success' });
  metrics.reconcileErrors.inc({ cause: 'conflict' });
  metrics.watchRestarts.inc({ resource: 'pods', reason: 'gone' });
  metrics.apiRequests.inc({ verb: 'get', resource: 'pods', code: '200' });
  metrics.apiSeconds.observe({ verb: 'get', resource: 'pods' }, 0.01);
  metrics.polls.inc({ result: 'success' });
  metrics.finishedJobs.inc({ outcome: 'failed' });
  metrics.gpuSeconds.inc({ outcome: 'useful' }, 3);
  return metrics;
}

describe('the metrics', () => {
  it('follow the naming conventions', async () => {
    const all = await used().registry.getMetricsAsJSON();
    const own = all.filter(({ name }) => !/^(process|nodejs)_/.test(name));
    expect(own.length).toBeGreaterThanOrEqual(20);
    expect(lintMetrics(own, 'distill_')).toEqual([]);
    expect(all.map(({ name }) => name)).toContain('process_resident_memory_bytes');
  });

  it('pass promtool, including those of libraries', async () => {
    const { registry } = used();
    expect(promlint(await registry.getMetricsAsJSON())).toEqual([]);
    const verdict = promtoolOn(await registry.metrics());
    if (verdict === undefined) process.stdout.write('promtool is not on this machine: its rules alone were checked\n');
    expect(verdict ?? '').toBe('');
  });

  it('start at zero where the label values are known', async () => {
    const text = await createMetrics({ version: '1' }, () => undefined).registry.metrics();
    for (const line of [
      'distill_reconcile_errors_total{cause="conflict"} 0',
      'distill_reconcile_errors_total{cause="internal"} 0',
      'distill_reconcile_total{result="error"} 0',
      'distill_progress_polls_total{result="timeout"} 0',
      'distill_jobs_finished_total{outcome="failed"} 0',
      'distill_gpu_seconds_total{outcome="redone"} 0',
      'distill_watch_restarts_total{resource="distillationjobs",reason="gone"} 0',
      'distill_watch_restarts_total{resource="pods",reason="failed"} 0',
    ])
      expect(text.split('\n')).toContain(line);
  });

  it('read the gauges at each scrape and drop series that are gone', async () => {
    let now: Scraped | undefined = SCRAPED;
    const { registry } = createMetrics({ version: '1.2.3' }, () => now);
    const first = await registry.metrics();
    expect(first).toContain('distill_jobs{status="Unknown",reason="Training"} 2');
    expect(first).toContain('distill_blocks{state="Done"} 3');
    expect(first).toContain('distill_workqueue_depth 4');
    expect(first).toContain('distill_leader 1');
    expect(first).toMatch(/distill_build_info\{version="1\.2\.3",node_version="22\.[^"]+"\} 1/);
    expect(first).toContain('distill_job_info{job_namespace="ml",job_name="vgg",status="Unknown",reason="Training"} 1');
    expect(first).toContain('distill_job_progress_ratio{job_namespace="ml",job_name="vgg"} 0.25');
    expect(first).toContain('distill_jobs_unnamed 1');
    expect(first).toContain('distill_scope_available{scope="b"} 0');
    const jobs = [{ status: 'True', reason: 'Succeeded', count: 1 }];
    now = { ...SCRAPED, work: { jobs, blocks: {}, named: [], unnamed: 0 }, leader: false };
    const second = await registry.metrics();
    expect(second).not.toContain('Training"} 2');
    expect(second).toContain('distill_jobs{status="True",reason="Succeeded"} 1');
    expect(second).toContain('distill_leader 0');
    expect(second).not.toMatch(/^distill_(job_info|job_progress_ratio|blocks)\{/m);
    now = undefined;
    expect(await registry.metrics()).not.toContain('distill_jobs{');
  });

  it('tell the labels of jobs that are propagated, by names that Prometheus takes', async () => {
    const key = 'example.com/cost-centre';
    const { metadata } = jobOf('vgg', undefined);
    const labelled = { metadata: { ...metadata, labels: { [key]: 'c-17', other: 'x' } } };
    const work = tally([labelled], { propagateLabels: [key, 'team'] });
    const { registry } = createMetrics({ version: '1', propagateLabels: [key, 'team'] }, () => ({ ...SCRAPED, work }));
    const text = await registry.metrics();
    expect(text).toMatch(/^distill_job_labels\{.*job_name="vgg".*label_example_com_cost_centre="c-17".*\} 1$/m);
    expect(text).not.toMatch(/label_other|label_team="/);
  });

  it('cover jobs only on the leader, so that a sum over replicas counts each once', async () => {
    const { work, ...standby } = SCRAPED;
    expect(work).toBeDefined();
    const text = await createMetrics({ version: '1' }, () => ({ ...standby, leader: false })).registry.metrics();
    expect(text).not.toMatch(/^distill_(jobs|blocks|job_info|job_progress_ratio|jobs_unnamed)[{ ]/m);
    expect(text).toContain('distill_cache_objects{resource="pods"} 7');
  });
});

describe('the lint', () => {
  const problemsOf = async (make: (registers: Registry[]) => unknown): Promise<string[]> => {
    const registry = new Registry();
    make([registry]);
    return lintMetrics(await registry.getMetricsAsJSON(), 'distill_');
  };
  const help = 'A sentence that helps.';

  it.each<[string, (registers: Registry[]) => unknown, RegExp]>([
    ['a counter without _total', (r) => new Counter({ name: 'distill_errors', help, registers: r }), /_total/],
    ['a gauge with _total', (r) => new Gauge({ name: 'distill_jobs_total', help, registers: r }), /_total/],
    ['another prefix', (r) => new Gauge({ name: 'jobs', help, registers: r }), /prefix/],
    ['no help', (r) => new Gauge({ name: 'distill_jobs', help: 'jobs', registers: r }), /sentence/],
    ['milliseconds', (r) => new Histogram({ name: 'distill_wait_ms', help, registers: r }), /base unit/],
    ['an abbreviated unit', (r) => new Gauge({ name: 'distill_wait_h', help, registers: r }), /abbreviates/],
    ['capitals', (r) => new Gauge({ name: 'distill_openWatches', help, registers: r }), /snake_case/],
    [
      'the name of a job as a label',
      (r) => {
        new Gauge({ name: 'distill_jobs', help, labelNames: ['name'], registers: r }).set({ name: 'vgg' }, 1);
      },
      /label name/,
    ],
  ])('finds %s', async (_, make, message) => {
    expect((await problemsOf(make)).join('\n')).toMatch(message);
  });
});

type Status = DistillationJobObject['status'];

function jobOf(name: string, status: Status, creationTimestamp = '2026-01-01T00:00:00Z') {
  const metadata = { namespace: 'ml', name, uid: name, generation: 1, resourceVersion: '1', creationTimestamp };
  return { metadata, ...(status !== undefined && { status }) };
}

describe('the tally', () => {
  it('counts each job once, and every block', () => {
    const training: Status = {
      conditions: [
        { type: 'Ready', status: 'True', reason: 'Training', message: '', lastTransitionTime: '' },
        { type: 'Succeeded', status: 'Unknown', reason: 'Training', message: '', lastTransitionTime: '' },
      ],
      blocks: [
        { name: 'a', state: 'Done', epoch: 2 },
        { name: 'b', state: 'Training', epoch: 1 },
      ],
    };
    expect(tally([jobOf('a', training), jobOf('b', training), jobOf('c', undefined)])).toMatchObject({
      jobs: [
        { status: 'Unknown', reason: 'Training', count: 2 },
        { status: 'Unknown', reason: 'New', count: 1 },
      ],
      blocks: { Pending: 0, Training: 2, Done: 2, Failed: 0 },
      unnamed: 0,
    });
  });

  it('names the jobs that have not succeeded, active ones first, then the newest, up to a limit', () => {
    const ended = (status: 'True' | 'False', reason: string): Status => ({
      conditions: [{ type: 'Succeeded', status, reason, message: '', lastTransitionTime: '' }],
      progress: { percent: 50 },
    });
    const jobs = [
      jobOf('failed', ended('False', 'VolumeFull'), '2026-01-03T00:00:00Z'),
      jobOf('old', undefined, '2026-01-01T00:00:00Z'),
      jobOf('done', ended('True', 'Succeeded'), '2026-01-04T00:00:00Z'),
      jobOf('new', undefined, '2026-01-02T00:00:00Z'),
    ];
    expect(tally(jobs).named).toEqual([
      { namespace: 'ml', name: 'new', status: 'Unknown', reason: 'New' },
      { namespace: 'ml', name: 'old', status: 'Unknown', reason: 'New' },
      { namespace: 'ml', name: 'failed', status: 'False', reason: 'VolumeFull', progress: 0.5 },
    ]);
    const few = tally(jobs, { maxNamed: 2 });
    expect([few.named.map(({ name }) => name), few.unnamed]).toEqual([['new', 'old'], 1]);
  });
});
