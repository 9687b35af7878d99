import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sampleClaims, sampleFiles } from '@distillation/api/layout';
import { openClaims } from '@distillation/ledger/claims';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TestRegistry } from '../../../test/support/registry.ts';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { SamplesWorld } from '../../test/samples-world.ts';

let world: SamplesWorld;
let registry: TestRegistry;
let volume: string;
let lines: string[];

beforeEach(async () => {
  world = await SamplesWorld.create();
  ({ registry, volume } = world);
  lines = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
});

describe('a process that lays samples out', () => {
  /** In a process of its own, which can be killed. */
  function started(more: object = {}): ChildProcess {
    const script = `
      const { layOut } = await import(${JSON.stringify(new URL('./main.ts', import.meta.url).href)});
      const { copyFile } = await import('node:fs/promises');
      const unpack = async (source, target) => {
        for (const file of ['pixels.bin', 'labels.txt']) await copyFile(source + '/' + file, target + '/' + file);
      };
      const registry = new URL(${JSON.stringify(registry.url)});
      const dataset = { ...${JSON.stringify(world.tiny)}, unpack };
      await layOut({ registry, dataset, ...${JSON.stringify({ volume, from: world.from, ...more })} }).catch((error) => {
        process.exit(error.exitCode);
      });`;
    return spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'ignore' });
  }
  const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once('exit', resolve));

  it('goes on, when it was killed, with what had come', async () => {
    const part = join(volume, sampleFiles, 'tiny-data-1.0.0.tgz.part');
    registry.holdAfter = 100_000;
    const child = started();
    await until(
      'a part has come',
      async () => (await stat(part).catch(() => undefined))?.size === 100_000 || undefined,
    );
    child.kill('SIGKILL');
    await ended(child);
    registry.holdAfter = undefined;
    expect(await ended(started())).toBe(0);
    expect(registry.ranges).toEqual([undefined, 'bytes=100000-']);
    await world.expectAllThere();
  });

  it('works alone: another one waits for it, and finds all there', async () => {
    registry.holdAfter = 100_000;
    const [first, second] = [started(), started()];
    await until('one is at work', () => registry.ranges.length > 0);
    await until('another waits for it', async () => {
      const holders = await readdir(join(volume, sampleClaims, 'holders'));
      return holders.length === 2;
    });
    registry.letGo();
    expect(await Promise.all([ended(first), ended(second)])).toEqual([0, 0]);
    expect(registry.ranges).toEqual([undefined]);
    await world.expectAllThere();
  });

  it('takes over from one on another machine that is silent', async () => {
    const silent = await openClaims({ folder: join(volume, sampleClaims), bin: 1 });
    await silent.tryClaim('samples');
    await world.lay({ leaseMs: 500 });
    expect(lines.join('')).toContain(`Waiting for the process on ${silent.holder.host}`);
    await world.expectAllThere();
  });

  it('ends, to be tried again, when another one took over', async () => {
    registry.holdAfter = 100_000;
    const end = ended(started({ leaseMs: 500 }));
    await until('it is at work', () => registry.ranges.length > 0);
    const other = await openClaims({ folder: join(volume, sampleClaims), bin: 1 });
    const claim = await other.takeOver('samples');
    expect(await end).toBe(75);
    expect(claim !== undefined && (await other.stillHeld(claim))).toBe(true);
  });
});
