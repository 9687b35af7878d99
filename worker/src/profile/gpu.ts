import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Samples the GPUs that this process sees, by NVIDIA's own tool, which asks NVML. Where there is none, or a value is not
 * supported (as utilisation is not on a MIG slice), it is absent.
 */

export interface Gpu {
  readonly index: string;
  readonly uuid: string;
  readonly name: string;
  /** 0 to 1. */
  readonly utilization?: number;
  readonly memoryUsedBytes?: number;
  readonly memoryBytes?: number;
  readonly powerWatts?: number;
}

export interface GpuReading {
  readonly gpus: readonly Gpu[];
  /** That all of them took since sampling began; absent unless the power of each is measured. */
  readonly joules?: number;
}

const QUERY = ['index', 'uuid', 'name', 'utilization.gpu', 'memory.used', 'memory.total', 'power.draw'];
const MIB = 2 ** 20;

/** A longer pause between two samples was none of sampling: what was drawn meanwhile is not known. */
const MAX_GAP_SECONDS = 10;

/** A number of the tool; undefined for `[N/A]`, `[Not Supported]` and the like. */
function number(text: string | undefined): number | undefined {
  return text === undefined || !/^\d+(\.\d+)?$/.test(text) ? undefined : Number(text);
}

/** A line of `nvidia-smi --query-gpu=... --format=csv,noheader,nounits`; undefined for any other text. */
export function parseGpuLine(line: string): Gpu | undefined {
  const fields = line.split(',').map((field) => field.trim());
  const [index, uuid, name, used, memoryUsed, memory, power] = fields;
  if (fields.length !== QUERY.length || index === undefined || uuid === undefined || name === undefined)
    return undefined;
  if (!/^\d+$/.test(index)) return undefined;
  const [percent, usedMib, totalMib, watts] = [number(used), number(memoryUsed), number(memory), number(power)];
  return {
    index,
    uuid,
    name,
    ...(percent !== undefined && { utilization: percent / 100 }),
    ...(usedMib !== undefined && { memoryUsedBytes: usedMib * MIB }),
    ...(totalMib !== undefined && { memoryBytes: totalMib * MIB }),
    ...(watts !== undefined && { powerWatts: watts }),
  };
}

/** Sums power over time, GPU by GPU, by the trapezoidal rule. */
export class EnergyMeter {
  readonly #last = new Map<string, { readonly at: number; readonly watts: number | undefined }>();
  #joules: number | undefined;

  /** @param seconds of a monotonic clock */
  add(gpu: Gpu, seconds: number): void {
    const before = this.#last.get(gpu.uuid);
    const watts = gpu.powerWatts;
    this.#last.set(gpu.uuid, { at: seconds, watts });
    if (watts === undefined || before?.watts === undefined) return;
    const passed = seconds - before.at;
    if (passed <= MAX_GAP_SECONDS) this.#joules = (this.#joules ?? 0) + (passed * (watts + before.watts)) / 2;
  }

  /** So far; undefined when nothing, or not every GPU, could be measured. */
  get joules(): number | undefined {
    return [...this.#last.values()].some(({ watts }) => watts === undefined) ? undefined : this.#joules;
  }
}

interface GpuSamplerOptions {
  readonly onSample: (reading: GpuReading) => void;
  readonly command?: string;
  readonly intervalSeconds?: number;
}

interface GpuSampler {
  stop(): void;
  /** The tool has ended, or never began. */
  readonly ended: Promise<void>;
}

/** Samples until it is stopped; where the tool is missing or gives up, silently not at all. */
export function startGpuSampler(options: GpuSamplerOptions): GpuSampler {
  const { onSample, command = 'nvidia-smi', intervalSeconds = 1 } = options;
  const tool = spawn(
    command,
    [`--query-gpu=${QUERY.join(',')}`, '--format=csv,noheader,nounits', `--loop=${intervalSeconds}`],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = new Promise<void>((resolve) => {
    tool.once('error', () => {
      resolve();
    });
    tool.once('exit', () => {
      resolve();
    });
  });
  tool.unref();
  const meter = new EnergyMeter();
  const gpus = new Map<string, Gpu>();
  createInterface({ input: tool.stdout }).on('line', (line) => {
    const gpu = parseGpuLine(line);
    if (gpu === undefined) return;
    gpus.set(gpu.uuid, gpu);
    meter.add(gpu, performance.now() / 1000);
    const { joules } = meter;
    onSample({ gpus: [...gpus.values()], ...(joules !== undefined && { joules }) });
  });
  return {
    ended,
    stop() {
      tool.kill();
    },
  };
}
