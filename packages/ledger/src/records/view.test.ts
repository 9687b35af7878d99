import { workerProgress } from '../../../api/test/testing.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { faultyFileLayer } from '../../test/files.ts';
import { openLedger } from './ledger.ts';
import { epochRecord, planOf, trainEpoch } from '../../test/worker.ts';
import { readEverything } from './view.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'view-'));
});
afterEach(() => rm(folder, { recursive: true }));

const plan = planOf('r1', ['first', 'second']);

test('the view holds every planned block, its history, the bars and the workers', async () => {
  const layer = faultyFileLayer();
  const ledger = await openLedger({ layer, folder, writer: 'bin-0', log: () => undefined });
  expect(await readEverything(ledger)).toEqual({
    job: undefined,
    plan: undefined,
    schedule: undefined,
    blocks: [],
    workers: [],
  });
  await ledger.writePlan(plan);
  for (const [block, epoch, startedAt] of [
    ['second', 1, 30],
    ['first', 1, 10],
    ['first', 2, 40],
  ] as const) {
    const record = epochRecord(block, 0, epoch);
    await ledger.commitEpoch({ ...record, timing: { ...record.timing, startedAt } }, trainEpoch(block, 0, undefined));
  }
  for (const bin of [10, 2]) {
    await ledger.writeProgress(workerProgress({ bin, blocks: ['first'], epoch: 3 }));
  }
  const view = await readEverything(ledger);
  expect(view.plan).toEqual(plan);
  expect(view.blocks).toMatchObject([
    { name: 'first', state: 'Training', epoch: 2, history: [{ epoch: 1 }, { epoch: 2 }] },
    { name: 'second', state: 'Training', epoch: 1, history: [{ epoch: 1 }] },
  ]);
  expect(view.workers.map(({ bin }) => bin)).toEqual([2, 10]);

  // A second reading reads no record again, and sees which have been added or removed.
  await ledger.commitEpoch(epochRecord('second', 0, 2), trainEpoch('second', 0, undefined));
  await rm(join(folder, 'blocks/first/attempt-0-epoch-0002.json'));
  const committed = layer.trace.length;
  const again = await readEverything(ledger);
  expect(again.blocks.map(({ history }) => history.map(({ epoch }) => epoch))).toEqual([[1], [1, 2]]);
  const reads = layer.trace.slice(committed).filter((operation) => operation === 'readFile').length;
  // Job, plan, schedule, one new record, two workers.
  expect(reads).toBe(6);
});
