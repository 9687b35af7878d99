import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CrashError, FAULTS, faultyFileLayer, MATTERS, type Operation } from '../../test/files.ts';
import { openClaims } from '../claims/claims.ts';
import type { FileLayer } from '../files/file-layer.ts';
import { openLedger } from './ledger.ts';
import { advance, BLOCKS, EPOCHS, results, work } from '../../test/worker.ts';

let root: string;
let folders = 0;
const newFolder = (): string => join(root, String(folders++));
let undisturbed: unknown;
let trace: readonly Operation[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'crash-'));
  const folder = newFolder();
  const layer = faultyFileLayer();
  expect(await work({ layer, folder, bin: 0 })).toEqual([]);
  trace = layer.trace;
  undisturbed = await results(folder);
});
afterAll(() => rm(root, { recursive: true }));

/** The operations of an undisturbed life at which this fault is injected, 1-based. */
function pointsOf(kind: (typeof FAULTS)[number]): number[] {
  const matters = MATTERS[kind];
  return trace.flatMap((operation, i) => (matters === 'All' || matters.includes(operation) ? [i + 1] : []));
}

const EXPECTED = { ENOSPC: 'DISTILL_E_DISK_FULL', EIO: 'DISTILL_E_VOLUME_IO' } as const;

/** Several at once, since most of the time is spent waiting for the file system. */
async function atEach(points: readonly number[], run: (at: number) => Promise<void>): Promise<void> {
  const queue = [...points];
  const lane = async (): Promise<void> => {
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) await run(at);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test.each(FAULTS)(
  'after %s at any file operation the next life of the bin ends with the same results',
  async (kind) => {
    await atEach(pointsOf(kind), async (at) => {
      const folder = newFolder();
      const thrown = await thrownBy(work({ layer: faultyFileLayer({ kind, at }), folder, bin: 0 }));
      if (kind === 'ENOSPC' || kind === 'EIO') {
        expect(thrown, `operation ${at}`).toBeInstanceOf(DistillError);
        expect((thrown as DistillError).code).toBe(EXPECTED[kind]);
      } else {
        expect(thrown, `operation ${at}`).toBeInstanceOf(CrashError);
      }
      expect(await work({ layer: faultyFileLayer(), folder, bin: 0 }), `operation ${at}`).toEqual([]);
      expect(await results(folder), `operation ${at}`).toEqual(undisturbed);
    });
  },
);

test('another bin goes on, at once or after the lease, whenever the first one dies', async () => {
  await atEach(pointsOf('Kill'), async (at) => {
    const folder = newFolder();
    await expect(work({ layer: faultyFileLayer({ kind: 'Kill', at }), folder, bin: 0 })).rejects.toThrow(CrashError);
    // A clock that advances by a lease at each reading.
    let now = 0;
    const clock = (): number => (now += 1000);
    await work({ layer: faultyFileLayer(), folder, bin: 1, clock });
    expect(await results(folder), `operation ${at}`).toEqual(undisturbed);
  });
});

const DEATHS = FAULTS.filter((kind) => kind !== 'ENOSPC' && kind !== 'EIO');

test.each(DEATHS)(
  'an epoch that was committed and a claim that was given survive %s at any later operation',
  async (kind) => {
    const [block] = BLOCKS;
    /** Claims the block and commits epochs; returns how far it came. */
    async function live(layer: FileLayer, folder: string): Promise<{ claimed: boolean; committed: number }> {
      const reached = { claimed: false, committed: 0 };
      try {
        const claims = await openClaims({ layer, folder, bin: 0 });
        reached.claimed = (await claims.tryClaim(block)) !== undefined;
        const ledger = await openLedger({ layer, folder, writer: 'bin-0', log: () => undefined });
        while (await advance(ledger, block)) reached.committed += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(CrashError);
      }
      return reached;
    }
    const undisturbedLayer = faultyFileLayer();
    expect(await live(undisturbedLayer, newFolder())).toEqual({ claimed: true, committed: EPOCHS });
    const all = undisturbedLayer.trace.map((_, i) => i + 1);
    await atEach(all, async (at) => {
      const folder = newFolder();
      const { claimed, committed } = await live(faultyFileLayer({ kind, at }), folder);
      const layer = faultyFileLayer();
      const other = await openClaims({ layer, folder, bin: 1 });
      if (claimed) expect(await other.tryClaim(block), `operation ${at}`).toBeUndefined();
      const ledger = await openLedger({ layer, folder, writer: 'bin-1', log: () => undefined });
      expect((await ledger.latest(block))?.record.epoch ?? 0, `operation ${at}`).toBeGreaterThanOrEqual(committed);
    });
  },
);
