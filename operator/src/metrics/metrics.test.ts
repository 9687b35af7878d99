import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { type Scraped, createMetrics } from './metrics.ts';
import { tally } from './tally.ts';
import { lintMetrics } from './testing.ts';

const SCRAPED: Scraped = {
  jobs: [{ status: 'Unknown', reason: 'Training', count: 2 }],
  blocks: { Done: 3, Training: 1 },
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
  it('keep to the naming conventions', async () => {
    const all = await used().registry.getMetricsAsJSON();
    const own = all.filter(({ name }) => !/^(process|nodejs)_/.test(name));
    expect(own.length).toBeGreaterThanOrEqual(20);
    expect(lintMetrics(own, 'distill_')).toEqual([]);
    expect(all.map(({ name }) => name)).toContain('process_resident_memory_bytes');
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
    now = { ...SCRAPED, jobs: [{ status: 'True', reason: 'Succeeded', count: 1 }], leader: false };
    const second = await registry.metrics();
    expect(second).not.toContain('Training"} 2');
    expect(second).toContain('distill_jobs{status="True",reason="Succeeded"} 1');
    expect(second).toContain('distill_leader 0');
    now = undefined;
    expect(await registry.metrics()).not.toContain('distill_jobs{');
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

describe('the tally', () => {
  it('counts each job once, and every block', () => {
    const training = {
      conditions: [
        { type: 'Ready', status: 'True', reason: 'Training', message: '', lastTransitionTime: '' },
        { type: 'Succeeded', status: 'Unknown', reason: 'Training', message: '', lastTransitionTime: '' },
      ],
      blocks: [
        { name: 'a', state: 'Done', epoch: 2 },
        { name: 'b', state: 'Training', epoch: 1 },
      ],
    } as const;
    expect(tally([structuredClone(training) as never, structuredClone(training) as never, undefined])).toEqual({
      jobs: [
        { status: 'Unknown', reason: 'Training', count: 2 },
        { status: 'Unknown', reason: 'New', count: 1 },
      ],
      blocks: { Pending: 0, Training: 2, Done: 2, Failed: 0 },
    });
  });
});
