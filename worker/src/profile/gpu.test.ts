import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EnergyMeter, type Gpu, type GpuReading, parseGpuLine, startGpuSampler } from './gpu.ts';

describe('a line of the tool', () => {
  test('is read in base units', () => {
    expect(parseGpuLine('0, GPU-5f6c, NVIDIA H200, 87, 20480, 143771, 412.37')).toEqual({
      index: '0',
      uuid: 'GPU-5f6c',
      name: 'NVIDIA H200',
      utilization: 0.87,
      memoryUsedBytes: 20480 * 2 ** 20,
      memoryBytes: 143771 * 2 ** 20,
      powerWatts: 412.37,
    });
  });

  test('leaves out what is not supported, as on a MIG slice', () => {
    expect(parseGpuLine('1, MIG-aa, NVIDIA A100, [N/A], 5, 9856, [Not Supported]')).toEqual({
      index: '1',
      uuid: 'MIG-aa',
      name: 'NVIDIA A100',
      memoryUsedBytes: 5 * 2 ** 20,
      memoryBytes: 9856 * 2 ** 20,
    });
  });

  test.each(['', 'No devices were found', 'Failed to initialize NVML: Driver/library version mismatch', '1, 2'])(
    'is none: %s',
    (line) => {
      expect(parseGpuLine(line)).toBeUndefined();
    },
  );
});

describe('energy', () => {
  const gpu = (uuid: string, powerWatts?: number): Gpu => ({
    index: '0',
    uuid,
    name: 'g',
    ...(powerWatts !== undefined && { powerWatts }),
  });

  test('is power summed over time, of all GPUs', () => {
    const meter = new EnergyMeter();
    expect(meter.joules).toBeUndefined();
    for (const [second, watts] of [100, 300, 300].entries()) {
      meter.add(gpu('a', watts), second);
      meter.add(gpu('b', 10), second);
    }
    expect(meter.joules).toBe(200 + 300 + 20);
  });

  test('is not claimed for a time without samples, nor where a GPU is not measured', () => {
    const meter = new EnergyMeter();
    for (const second of [0, 1, 60, 61]) meter.add(gpu('a', 100), second);
    expect(meter.joules).toBe(200);
    meter.add(gpu('b'), 61);
    expect(meter.joules).toBeUndefined();
  });
});

describe('the sampler', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gpu-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('reads what the tool says until it is stopped, which ends the tool', async () => {
    const command = join(folder, 'nvidia-smi');
    await writeFile(
      command,
      `#!/bin/sh\necho "$@" > ${folder}/arguments\nwhile :; do echo '0, GPU-1, Played, 50, 100, 1000, 200.0'; sleep 0.05; done\n`,
    );
    await chmod(command, 0o755);
    const readings: GpuReading[] = [];
    const sampler = startGpuSampler({ command, onSample: (reading) => readings.push(reading) });
    await expect.poll(() => readings.length).toBeGreaterThan(2);
    sampler.stop();
    expect(readings[0]).toEqual({ gpus: [expect.objectContaining({ utilization: 0.5, powerWatts: 200 })] });
    expect(readings.at(-1)?.joules).toBeGreaterThan(0);
    await sampler.ended;
  });

  test('samples nothing where there is no such tool', async () => {
    const readings: GpuReading[] = [];
    const sampler = startGpuSampler({ command: join(folder, 'none'), onSample: (reading) => readings.push(reading) });
    await sampler.ended;
    expect(readings).toEqual([]);
    sampler.stop();
  });
});
