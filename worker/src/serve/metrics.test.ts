import { expect, test } from 'vitest';
import { lintMetrics, promlint, promtoolOn } from '../../../operator/test/metrics.ts';
import { workerProgress } from '../../../packages/api/test/testing.ts';
import { createMetrics, PREFIX, type WorkerMetrics } from './metrics.ts';

const PROGRESS = workerProgress({
  bin: 4,
  blocks: ['conv1', 'conv2'],
  epoch: 2,
  step: 5,
  losses: { conv1: 0.25, conv2: 0.5 },
  imagesPerSecond: 120,
});
let packageJoules = 0;
const make = (): WorkerMetrics =>
  createMetrics({
    role: 'worker',
    bin: 4,
    version: '1.2.3',
    packages: [{ name: 'package-0', joules: () => Promise.resolve(packageJoules) }],
  });

/** Metrics in which every one has been given a value. */
function used(): WorkerMetrics {
  const metrics = make();
  metrics.onMessage({ type: 'Heartbeat', batches: 7, images: 168 });
  metrics.onMessage({ type: 'Backend', backend: { name: 'native-gpu', tensorflow: '2.18.0', cpuThreads: 1 } });
  metrics.onMessage({ type: 'Training', progress: PROGRESS });
  metrics.onMessage({ type: 'Epoch' });
  metrics.onMessage({ type: 'Block', outcome: 'Trained', seconds: 100 });
  metrics.onMessage({ type: 'Finalizing', progress: { stage: 'FineTune', epochs: 3, epoch: 2, step: 3, loss: 0.75 } });
  const gpu = { index: '0', uuid: 'GPU-1', name: 'NVIDIA H200', powerWatts: 350 };
  metrics.sample({
    gpus: [{ ...gpu, utilization: 0.9, memoryUsedBytes: 2 ** 30, memoryBytes: 2 ** 37 }],
    joules: 1000,
  });
  return metrics;
}

test('the metrics keep to the naming conventions', async () => {
  const all = await used().registry.getMetricsAsJSON();
  const own = all.filter(({ name }) => !name.startsWith('process_'));
  expect(own.length).toBeGreaterThanOrEqual(20);
  expect(lintMetrics(own, PREFIX)).toEqual([]);
  const names = all.map(({ name }) => name).filter((name) => name.startsWith('process_'));
  expect(names.sort()).toEqual([
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'process_start_time_seconds',
  ]);
});

test('the metrics please promtool, and failures begin at zero', async () => {
  const { registry } = used();
  expect(promlint(await registry.getMetricsAsJSON())).toEqual([]);
  const text = await registry.metrics();
  const verdict = promtoolOn(text);
  if (verdict === undefined) process.stdout.write('promtool is not on this machine: its rules alone were checked\n');
  expect(verdict ?? '').toBe('');
  expect(text.split('\n')).toContain('distill_worker_blocks_total{outcome="Failed",role="worker",bin="4"} 0');
});

test('every metric that was given a value has it, with the bin it is of', async () => {
  packageJoules = 12.5;
  const { text } = await used().text();
  for (const line of [
    'distill_worker_info{version="1.2.3",backend="native-gpu",tensorflow="2.18.0",role="worker",bin="4"} 1',
    'distill_worker_batches_total{role="worker",bin="4"} 7',
    'distill_worker_images_total{role="worker",bin="4"} 168',
    'distill_worker_state{state="Training",role="worker",bin="4"} 1',
    'distill_worker_state{state="Done",role="worker",bin="4"} 0',
    'distill_worker_loss{block="conv2",role="worker",bin="4"} 0.5',
    'distill_worker_images_per_second{role="worker",bin="4"} 120',
    'distill_worker_block_epochs_total{role="worker",bin="4"} 1',
    'distill_worker_blocks_total{outcome="Trained",role="worker",bin="4"} 1',
    'distill_worker_block_duration_seconds_bucket{le="300",role="worker",bin="4"} 1',
    'distill_worker_finalizer_stage{stage="FineTune",role="worker",bin="4"} 1',
    'distill_worker_fine_tune_loss{role="worker",bin="4"} 0.75',
    'distill_worker_gpu_power_watts{gpu="0",role="worker",bin="4"} 350',
    'distill_worker_gpu_energy_joules_total{role="worker",bin="4"} 1000',
    'distill_worker_node_energy_joules_total{package="package-0",role="worker",bin="4"} 12.5',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

test('what was not measured is absent, not zero', async () => {
  const metrics = make();
  const { text } = await metrics.text();
  const samples = text.split('\n').filter((line) => line.startsWith(PREFIX));
  const named = [...new Set(samples.map((line) => line.split('{', 1)[0]))];
  // Counters that are counted here begin at zero, as Prometheus recommends.
  expect(named).toEqual([
    'distill_worker_batches_total',
    'distill_worker_images_total',
    'distill_worker_block_epochs_total',
    'distill_worker_blocks_total',
    'distill_worker_block_duration_seconds_bucket',
    'distill_worker_block_duration_seconds_sum',
    'distill_worker_block_duration_seconds_count',
    'distill_worker_node_energy_joules_total',
  ]);
  metrics.sample({ gpus: [{ index: '0', uuid: 'MIG-1', name: 'a slice' }] });
  const after = (await metrics.text()).text;
  expect(after).toContain('distill_worker_gpu_info{gpu="0"');
  expect(after).not.toMatch(/^distill_worker_gpu_(utilization|memory|power|energy)/m);
});

const samplesOf = async (metrics: WorkerMetrics, name: string): Promise<string[]> =>
  (await metrics.text()).text.split('\n').filter((line) => line.startsWith(`${PREFIX}${name}{`));

test('what was measured stays until it is measured again: a scrape never finds less than the one before', async () => {
  const metrics = used();
  const before = (await metrics.text()).text.split('\n').map((line) => line.split(' ', 1)[0]);
  // When the next epoch begins, nothing is known of it yet; then follow a pause, a GPU reading with few values, and other stages.
  metrics.onMessage({ type: 'Training', progress: { ...PROGRESS, epoch: 3, step: 0, losses: {}, imagesPerSecond: 0 } });
  metrics.onMessage({ type: 'Finalizing', progress: { stage: 'FineTune', epochs: 3, epoch: 3, step: 0 } });
  metrics.sample({ gpus: [{ index: '0', uuid: 'GPU-1', name: 'NVIDIA H200' }] });
  expect(await samplesOf(metrics, 'epoch')).toEqual(['distill_worker_epoch{role="worker",bin="4"} 3']);
  expect(await samplesOf(metrics, 'loss')).toEqual([
    'distill_worker_loss{block="conv1",role="worker",bin="4"} 0.25',
    'distill_worker_loss{block="conv2",role="worker",bin="4"} 0.5',
  ]);
  expect(await samplesOf(metrics, 'fine_tune_loss')).toEqual([
    'distill_worker_fine_tune_loss{role="worker",bin="4"} 0.75',
  ]);
  expect(await samplesOf(metrics, 'gpu_power_watts')).toHaveLength(1);
  for (const state of ['Stealing', 'Done'] as const) {
    metrics.onMessage({
      type: 'Training',
      progress: { ...PROGRESS, state, blocks: [], losses: {}, imagesPerSecond: 0 },
    });
  }
  metrics.onMessage({ type: 'Finalizing', progress: { stage: 'Evaluate', epochs: 3 } });
  const after = (await metrics.text()).text.split('\n').map((line) => line.split(' ', 1)[0]);
  expect(after).toEqual(expect.arrayContaining(before));
});

test('what is known to be over is not told: losses of blocks of another pass, the speed of a worker that waits', async () => {
  const metrics = used();
  metrics.onMessage({ type: 'Training', progress: { ...PROGRESS, blocks: ['conv1'], losses: { conv1: 0.1 } } });
  expect(await samplesOf(metrics, 'loss')).toEqual(['distill_worker_loss{block="conv1",role="worker",bin="4"} 0.1']);
  metrics.onMessage({ type: 'Training', progress: { ...PROGRESS, state: 'Stealing', losses: {}, imagesPerSecond: 0 } });
  expect(await samplesOf(metrics, 'images_per_second')).toEqual([
    'distill_worker_images_per_second{role="worker",bin="4"} 0',
  ]);
  expect(await samplesOf(metrics, 'state')).toContain('distill_worker_state{state="Stealing",role="worker",bin="4"} 1');
});

test('counters grow by what came since, however often they are told', async () => {
  const metrics = make();
  packageJoules = 10;
  for (const images of [24, 24, 48]) metrics.onMessage({ type: 'Heartbeat', batches: images / 24, images });
  await Promise.all([metrics.readPackages(), metrics.readPackages()]);
  packageJoules = 15;
  const { text } = await metrics.text();
  expect(text).toMatch(/^distill_worker_images_total\{.*\} 48$/m);
  expect(text).toMatch(/^distill_worker_node_energy_joules_total\{.*\} 15$/m);
});
