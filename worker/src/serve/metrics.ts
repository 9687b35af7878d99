import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { WorkerProgress } from '@distillation/api/ledger';
import { BLOCK_OUTCOMES, FINALIZER_STAGES, WORKER_STATES } from '@distillation/api/words';
import type { GpuReading } from '../profile/gpu.ts';
import type { PackageMeter } from '../profile/rapl.ts';
import { blockLabel } from './block-label.ts';
import type { MonitorMessage, Setup } from './protocol.ts';

/**
 * The metrics of a worker pod. The scrape adds the labels of job and pod; the labels here are bounded by the job: its blocks and
 * the pod's GPUs. A value that was not measured is absent, never zero. A measured one stays until the next measurement, since a
 * scrape every half minute would rarely see a value that is there for only a moment.
 */

export const PREFIX = 'distill_worker_';

/** Seconds; a block takes seconds in a small network and a day in a large one. */
const BLOCK_BUCKETS = [10, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

export interface WorkerMetrics {
  readonly registry: Registry;
  onMessage(message: MonitorMessage): void;
  /** Readings of all GPUs of the pod, and the energy they have used so far. */
  sample(reading: GpuReading): void;
  /** Reads the CPU energy counters, which wrap around; call it at least once a minute. */
  readPackages(): Promise<void>;
  text(): Promise<{ readonly contentType: string; readonly text: string }>;
}

type MetricsSetup = Pick<Setup, 'role' | 'bin' | 'version'> & { readonly packages: readonly PackageMeter[] };

/** Represents one of a set of words as a gauge for each, with the value 1 for the current one. */
function setWord(gauge: Gauge, label: string, { words, now }: { words: readonly string[]; now: string }): void {
  for (const word of words) gauge.set({ [label]: word }, Number(word === now));
}

export function createMetrics({ role, bin, version, packages }: MetricsSetup): WorkerMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ role, ...(bin !== undefined && { bin: String(bin) }) });
  const registers = [registry];
  /** Without a value until one is set; prom-client would begin at zero. */
  const gauge = (name: string, help: string, labelNames: readonly string[] = []): Gauge => {
    const made = new Gauge({ name: PREFIX + name, help, labelNames: [...labelNames], registers });
    if (labelNames.length === 0) made.remove();
    return made;
  };
  const counter = (name: string, help: string, labelNames: readonly string[] = []): Counter =>
    new Counter({ name: PREFIX + name, help, labelNames: [...labelNames], registers });

  const info = gauge('info', 'What computes: version of the worker, backend and TensorFlow.', [
    'version',
    'backend',
    'tensorflow',
  ]);
  const lastProgress = gauge('last_progress_timestamp_seconds', 'When a batch, a step or a wait last came to an end.');
  const batches = counter(
    'batches_total',
    'Batches that went through the networks: training, measuring and evaluating.',
  );
  const images = counter('images_total', 'Images that went through the networks: training, measuring and evaluating.');

  const state = gauge('state', 'State of the worker: 1 for the one it is in.', ['state']);
  const throughput = gauge(
    'images_per_second',
    'Training images a second in the pass under way; 0 while the worker looks for work.',
  );
  const epoch = gauge('epoch', 'Epoch under way or trained last, from 1.');
  const step = gauge('epoch_step', 'Steps done of that epoch.');
  const steps = gauge('epoch_steps', 'Steps of an epoch.');
  const loss = gauge(
    'loss',
    'Mean training loss of each block of the pass under way, or of the last one: as last looked at.',
    ['block'],
  );
  const blockEpochs = counter('block_epochs_total', 'Finished epochs put on record, each of one block.');
  const blocks = counter('blocks_total', 'Blocks whose last epoch was trained here, by outcome.', ['outcome']);
  // A counter that first appears with the value 1 would hide that increase.
  if (role === 'worker') for (const outcome of BLOCK_OUTCOMES) blocks.inc({ outcome }, 0);
  const blockSeconds = new Histogram({
    name: `${PREFIX}block_duration_seconds`,
    help: 'Worker time that a block took from first epoch to last, whoever trained them, its share of the prefix included.',
    buckets: BLOCK_BUCKETS,
    registers,
  });

  const stage = gauge('finalizer_stage', 'Stage of the finalizer: 1 for the one it is in.', ['stage']);
  const tuneEpoch = gauge('fine_tune_epoch', 'Epoch of fine-tuning under way or done last, from 1.');
  const tuneLoss = gauge('fine_tune_loss', 'Mean loss of that epoch, or of the one before until it is looked at.');

  const gpuInfo = gauge('gpu_info', 'A GPU of the pod.', ['gpu', 'uuid', 'model']);
  const utilization = gauge('gpu_utilization_ratio', 'Part of the last second in which the GPU computed.', ['gpu']);
  const memoryUsed = gauge('gpu_memory_used_bytes', 'GPU memory in use.', ['gpu']);
  const memory = gauge('gpu_memory_bytes', 'GPU memory in all.', ['gpu']);
  const power = gauge('gpu_power_watts', 'Power that the GPU draws.', ['gpu']);
  const gpuEnergy = new Counter({
    name: `${PREFIX}gpu_energy_joules_total`,
    help: 'Energy that the GPUs of the pod took: their measured power, summed over time.',
    registers,
  });
  gpuEnergy.remove();
  let gpuJoules = 0;

  const joules = counter(
    'node_energy_joules_total',
    'Energy that a processor package of the node took, all pods together (RAPL).',
    ['package'],
  );
  const counted = new Map<string, number>();
  let reading: Promise<void> = Promise.resolve();
  const readOnce = async (): Promise<void> => {
    for (const meter of packages) {
      const total = await meter.joules();
      if (total === undefined) continue;
      joules.inc({ package: meter.name }, total - (counted.get(meter.name) ?? 0));
      counted.set(meter.name, total);
    }
  };
  // Readings must not overlap: one that overtakes another would look like a counter that wrapped around.
  const readPackages = (): Promise<void> => (reading = reading.then(readOnce));
  addProcessMetrics(registers);

  const totals = { batches: 0, images: 0 };
  const blocksWithLoss = new Set<string>();
  let speedKnown = false;
  const training = (progress: WorkerProgress): void => {
    setWord(state, 'state', { words: WORKER_STATES, now: progress.state });
    steps.set(progress.steps);
    if (progress.state !== 'Training') {
      if (speedKnown) throughput.set(0);
      return;
    }
    epoch.set(progress.epoch);
    step.set(progress.step);
    // Not known before the first reading.
    speedKnown ||= progress.imagesPerSecond > 0;
    if (progress.imagesPerSecond > 0) throughput.set(progress.imagesPerSecond);
    const pass = new Set(progress.blocks);
    for (const block of blocksWithLoss) {
      if (pass.has(block)) continue;
      loss.remove({ block: blockLabel(block) });
      blocksWithLoss.delete(block);
    }
    for (const [block, value] of Object.entries(progress.losses)) {
      blocksWithLoss.add(block);
      loss.set({ block: blockLabel(block) }, value);
    }
  };

  return {
    registry,
    onMessage(message) {
      switch (message.type) {
        case 'Heartbeat':
          lastProgress.set(Date.now() / 1000);
          batches.inc(message.batches - totals.batches);
          images.inc(message.images - totals.images);
          Object.assign(totals, { batches: message.batches, images: message.images });
          return;
        case 'Backend':
          info.set({ version, backend: message.backend.name, tensorflow: message.backend.tensorflow }, 1);
          return;
        case 'Training':
          training(message.progress);
          return;
        case 'Epoch':
          blockEpochs.inc();
          return;
        case 'Block':
          blocks.inc({ outcome: message.outcome });
          blockSeconds.observe(message.seconds);
          return;
        case 'Finalizing': {
          const { progress } = message;
          setWord(stage, 'stage', { words: FINALIZER_STAGES, now: progress.stage });
          if (progress.epoch !== undefined) tuneEpoch.set(progress.epoch);
          if (progress.loss !== undefined && Number.isFinite(progress.loss)) tuneLoss.set(progress.loss);
          return;
        }
        case 'Awaits':
        case 'Holder':
        case 'Close':
      }
    },
    sample(reading) {
      for (const { index: gpu, uuid, name, ...values } of reading.gpus) {
        gpuInfo.set({ gpu, uuid, model: name }, 1);
        if (values.utilization !== undefined) utilization.set({ gpu }, values.utilization);
        if (values.memoryUsedBytes !== undefined) memoryUsed.set({ gpu }, values.memoryUsedBytes);
        if (values.memoryBytes !== undefined) memory.set({ gpu }, values.memoryBytes);
        if (values.powerWatts !== undefined) power.set({ gpu }, values.powerWatts);
      }
      if (reading.joules === undefined) return;
      gpuEnergy.inc(reading.joules - gpuJoules);
      gpuJoules = reading.joules;
    },
    readPackages,
    async text() {
      await readPackages();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

/** The standard Prometheus names of process metrics. The defaults of prom-client do not serve: in a thread they describe the thread. */
function addProcessMetrics(registers: Registry[]): void {
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process that lies in RAM.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'When the process began, in seconds since the epoch of UNIX time.',
    registers,
    collect() {
      this.set(Math.round(Date.now() / 1000 - process.uptime()));
    },
  });
  let counted = 0;
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the process, user and system.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      const seconds = (user + system) / 1e6;
      this.inc(Math.max(0, seconds - counted));
      counted = seconds;
    },
  });
}
