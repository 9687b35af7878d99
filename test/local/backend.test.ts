import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DistillError } from '@distillation/api/errors';
import { describe, expect, test } from 'vitest';
import { probeAddon, locatePackage } from '@distillation/native-addon/addon';
import { openBackend } from '../../worker/src/backend/select.ts';

const run = promisify(execFile);
const nativeWorks = await probeAddon(locatePackage('tfjs-node')?.folder ?? '').then(
  () => true,
  () => false,
);

const onGpu = (await openBackend({ cpuThreads: 1 })).name === 'native-gpu';

test('the best backend that works is opened; opening it again gives the same one', async () => {
  const lines: string[] = [];
  const backend = await openBackend({ cpuThreads: 1, log: (line) => lines.push(line) });
  expect(backend.name).toMatch(nativeWorks ? /^native-/ : /^wasm$/);
  expect(backend.notes).toEqual(lines);
  expect(backend.description).toContain(backend.tfVersion);
  expect({ ...(await openBackend({ cpuThreads: 7 })) }).toEqual({ ...backend });
});

test('one process may change between backends', async () => {
  for (const [prefer, registered] of [
    ['cpu', 'cpu'],
    ['wasm', 'wasm'],
    ['cpu', 'cpu'],
  ] as const) {
    const { tf, name, cpuThreads } = await openBackend({ prefer, cpuThreads: 2 });
    expect([name, tf.getBackend(), cpuThreads]).toEqual([registered, registered, 1]);
  }
});

test.skipIf(onGpu)('a GPU that is asked for and not there is an error that says what is', async () => {
  const error: unknown = await openBackend({ cpuThreads: 1, requireGpu: true }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DistillError);
  expect((error as DistillError).code).toBe('DISTILL_E_BACKEND_GPU_MISSING');
  expect((error as DistillError).message).toMatch(
    /^The best backend is TensorFlow.*; the pod has .*(device file|\/dev\/nvidia)/,
  );
});

describe('the same steps in a fresh process give the same bits', () => {
  const train = async (prefer: string, threads: number): Promise<string> => {
    const args = [
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, '../../worker/test/backend-train.ts'),
      prefer,
      String(threads),
    ];
    const { stdout, stderr } = await run(process.execPath, args);
    // No diagnostic output of TensorFlow or Node reaches the user.
    expect(stderr).toBe('');
    return stdout;
  };
  const runs: [string, number][] = [['wasm', 1]];
  if (nativeWorks) runs.push(['native', 1], ['native', 2]);
  test.each(runs)('%s, %i threads', async (prefer, threads) => {
    const first = await train(prefer, threads);
    expect(first).toMatch(new RegExp(`^${prefer}\\S* [0-9a-f]{64}\n$`));
    expect(await train(prefer, threads)).toBe(first);
  });
});
