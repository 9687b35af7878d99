import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EpochRecord } from '@distillation/api/ledger';
import { workerProgress } from '../../../api/test/testing.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blockState } from './block-state.ts';
import { faultyFileLayer } from '../../test/files.ts';
import type { FileLayer } from '../files/file-layer.ts';
import { Ledger, openLedger } from './ledger.ts';
import { BLOCKS, epochRecord, planOf, results, trainEpoch, work } from '../../test/worker.ts';

const [BLOCK] = BLOCKS;
let folder: string;
let logged: string[];
let ledger: Ledger;
const open = (layer: FileLayer = faultyFileLayer()): Promise<Ledger> =>
  openLedger({ layer, folder, writer: 'bin-0', log: (message) => logged.push(message) });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
  logged = [];
  ledger = await open();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Commits epochs 1 to `last` of an attempt; returns the tensors after each. */
async function commit(last: number, attempt = 0): Promise<ReturnType<typeof trainEpoch>[]> {
  const after: ReturnType<typeof trainEpoch>[] = [];
  for (let epoch = 1; epoch <= last; epoch++) {
    after.push(trainEpoch(BLOCK, attempt, after.at(-1)));
    await ledger.commitEpoch({ ...epochRecord(BLOCK, attempt, epoch), outcome: undefined }, after.at(-1));
  }
  return after;
}

const blockFiles = async (): Promise<string[]> => (await readdir(join(folder, 'blocks/conv%2F2%2Eb'))).sort();
const data = (epoch: number): string => join(folder, `blocks/conv%2F2%2Eb/attempt-0-epoch-000${epoch}.safetensors`);
const epochs = (history: readonly EpochRecord[]): number[] => history.map(({ epoch }) => epoch);

describe('epochs', () => {
  test('are read back with their tensors; records stay, data of the last two', async () => {
    const after = await commit(4);
    expect(await ledger.latest(BLOCK)).toMatchObject({ record: { epoch: 4 }, tensors: after[3] });
    expect(epochs(await ledger.history(BLOCK))).toEqual([1, 2, 3, 4]);
    expect((await blockFiles()).filter((name) => name.endsWith('.safetensors'))).toEqual([
      'attempt-0-epoch-0003.safetensors',
      'attempt-0-epoch-0004.safetensors',
    ]);
  });

  test('of a version that is not read are neither believed nor set aside: the file and both versions are named', async () => {
    await commit(2);
    const name = 'blocks/conv%2F2%2Eb/attempt-0-epoch-0002.json';
    const body = await ledger.readJson(name);
    await ledger.writeJson(name, { ...(body as object), version: 3 });
    const files = await blockFiles();
    await expect(ledger.latest(BLOCK)).rejects.toMatchObject({
      code: 'DISTILL_E_VOLUME_VERSION',
      subject: join(folder, name),
      message: `${join(folder, name)} is of version 3 of its format, and version 1 or 2 is read here.`,
    });
    expect(await blockFiles()).toEqual(files);
  });

  test('of a late writer change nothing, not even a file', async () => {
    const [first, second] = await commit(3);
    const before = await blockFiles();
    const standing = (await ledger.history(BLOCK))[1];
    const late = { ...epochRecord(BLOCK, 0, 2), timing: { ...epochRecord(BLOCK, 0, 2).timing, bin: 7 } };
    expect(await ledger.commitEpoch(late, second)).toEqual(standing);
    expect(logged).toEqual([]);
    await ledger.commitEpoch(late, first);
    expect(logged).toEqual([expect.stringContaining('on record, which stands')]);
    expect(await blockFiles()).toEqual(before);
    expect((await ledger.latest(BLOCK))?.record.epoch).toBe(3);
  });

  test('of two writers at the same time leave one intact record', async () => {
    const tensors = trainEpoch(BLOCK, 0, undefined);
    const other = await open();
    await Promise.all([ledger, other].map((writer) => writer.commitEpoch(epochRecord(BLOCK, 0, 1), tensors)));
    expect(await ledger.latest(BLOCK)).toMatchObject({ record: { epoch: 1 }, tensors });
    expect(await blockFiles()).toEqual(['attempt-0-epoch-0001.json', 'attempt-0-epoch-0001.safetensors']);
  });

  test('that go on need a checkpoint', async () => {
    await expect(ledger.commitEpoch(epochRecord(BLOCK, 0, 1), undefined)).rejects.toThrow('without a checkpoint');
  });

  test('of a failed attempt come before those of the next, which begins anew', async () => {
    await commit(1);
    const failure = { code: 'DISTILL_E_DEAD_BLOCK', message: 'constant output' };
    await ledger.commitEpoch({ ...epochRecord(BLOCK, 0, 2), outcome: 'Failed', restart: true, failure }, undefined);
    expect(await ledger.latest(BLOCK)).toMatchObject({ record: { epoch: 2, failure }, tensors: undefined });
    expect(blockState(await ledger.history(BLOCK))).toEqual({ state: 'Training', attempt: 1, epoch: 0 });
    await commit(2, 1);
    expect(blockState(await ledger.history(BLOCK))).toEqual({ state: 'Training', attempt: 1, epoch: 2 });
  });
});

test('a loss that is not a number is on record as such', async () => {
  const metrics = { ...epochRecord(BLOCK, 0, 1).metrics, loss: Number.NaN, probeLoss: Infinity };
  await ledger.commitEpoch({ ...epochRecord(BLOCK, 0, 1), metrics, outcome: 'Failed' }, undefined);
  const [record] = await ledger.history(BLOCK);
  expect(record?.metrics).toEqual({ ...metrics, probeLoss: Number.NaN });
});

test('blockState', () => {
  const record = { ...epochRecord(BLOCK, 1, 2), outcome: undefined };
  expect(blockState([])).toEqual({ state: 'Pending', attempt: 0, epoch: 0 });
  expect(blockState([record])).toEqual({ state: 'Training', attempt: 1, epoch: 2 });
  for (const outcome of ['Trained', 'StoppedEarly'] as const) {
    expect(blockState([{ ...record, outcome }])).toEqual({ state: 'Done', attempt: 1, epoch: 2, outcome });
  }
  expect(blockState([{ ...record, outcome: 'Failed' }])).toEqual({
    state: 'Failed',
    attempt: 1,
    epoch: 2,
    outcome: 'Failed',
  });
});

describe('damage', () => {
  test.each([
    ['cut', (path: string) => truncate(path, 50)],
    [
      'flipped',
      async (path: string) => {
        const bytes = await readFile(path);
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
        await writeFile(path, bytes);
      },
    ],
    ['deleted', (path: string) => rm(path)],
  ])('data %s: the epoch before is used, the damaged one set aside', async (_, damage) => {
    const after = await commit(3);
    await damage(data(3));
    expect(await ledger.latest(BLOCK)).toMatchObject({ record: { epoch: 2 }, tensors: after[1] });
    expect(epochs(await ledger.history(BLOCK))).toEqual([1, 2]);
    expect(logged).toEqual([expect.stringContaining('epoch 3 of conv/2.b, damaged')]);
    await commit(3);
    expect(await ledger.latest(BLOCK)).toMatchObject({ record: { epoch: 3 }, tensors: after[2] });
  });

  test('of all data that was kept starts the block anew', async () => {
    await commit(3);
    await Promise.all([truncate(data(3), 9), truncate(data(2), 9)]);
    expect(await ledger.latest(BLOCK)).toBeUndefined();
    expect(await ledger.history(BLOCK)).toEqual([]);
  });

  test('of a record in the middle starts a block anew that goes on, since when to stop depends on it', async () => {
    await commit(3);
    await truncate(join(folder, 'blocks/conv%2F2%2Eb/attempt-0-epoch-0002.json'), 9);
    expect(await ledger.latest(BLOCK)).toBeUndefined();
    expect(await ledger.history(BLOCK)).toEqual([]);
  });

  test('of a record in the middle is no matter for a finished block', async () => {
    const after = await commit(2);
    await ledger.commitEpoch(epochRecord(BLOCK, 0, 3), trainEpoch(BLOCK, 0, after[1]));
    await truncate(join(folder, 'blocks/conv%2F2%2Eb/attempt-0-epoch-0001.json'), 9);
    expect(await ledger.latest(BLOCK)).toMatchObject({ record: { epoch: 3 }, tensors: trainEpoch(BLOCK, 0, after[1]) });
  });

  test('is not seen where a newer epoch came while the older was being read', async () => {
    await commit(3);
    const writer = ledger;
    let raced = false;
    const inner = faultyFileLayer();
    const racing: FileLayer = {
      ...inner,
      readFile: async (path) => {
        if (path === data(3) && !raced) {
          raced = true;
          for (const epoch of [4, 5]) {
            await writer.commitEpoch(
              { ...epochRecord(BLOCK, 0, epoch), outcome: undefined },
              trainEpoch(BLOCK, 0, undefined),
            );
          }
        }
        return inner.readFile(path);
      },
    };
    ledger = await open(racing);
    expect((await ledger.latest(BLOCK))?.record.epoch).toBe(5);
    expect(logged).toEqual([]);
  });

  test('of any one file of a finished job leads back to the same weights', async () => {
    await ledger.writeJson('plan.json', planOf('r1'));
    const undisturbed = (await finishedIn(folder)) as { end: unknown }[];
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(8);
    for (const file of files) {
      const bytes = await readFile(file);
      await writeFile(file, bytes.subarray(0, bytes.length >> 1));
      const [again] = (await finishedIn(folder)) as { end: unknown }[];
      expect(again?.end, file).toEqual(undisturbed[0]?.end);
      await writeFile(file, bytes);
    }
  });

  async function finishedIn(where: string): Promise<unknown> {
    expect(await work({ layer: faultyFileLayer(), folder: where, bin: 0 })).toEqual([]);
    return results(where);
  }
});

describe('the folder', () => {
  test('of a job of another API version is not read: the file and both versions are named', async () => {
    const name = 'job.json';
    await ledger.writeJson(name, { apiVersion: 'distillation.dev/v1', kind: 'DistillationJob', spec: {} });
    await expect(ledger.readJob()).rejects.toMatchObject({
      code: 'DISTILL_E_VOLUME_VERSION',
      message: `${join(folder, name)} is of version distillation.dev/v1 of its format, and version distillation.dev/v1alpha1 is read here.`,
    });
    expect(await readdir(folder)).toContain(name);
  });

  test('serves one recipe, also when one of the two files that name it is lost', async () => {
    await ledger.assertSameRecipe('r1');
    await ledger.assertSameRecipe('r1');
    await expect(ledger.assertSameRecipe('r2')).rejects.toMatchObject({
      code: 'DISTILL_E_VOLUME_OTHER_JOB',
      message: expect.stringMatching(/recipe r1.*is r2/) as string,
    });
    await writeFile(join(folder, 'recipe.json'), '');
    await ledger.writeJson('plan.json', planOf('r1'));
    await expect(ledger.assertSameRecipe('r2')).rejects.toMatchObject({ code: 'DISTILL_E_VOLUME_OTHER_JOB' });
    await ledger.assertSameRecipe('r1');
    await rm(join(folder, 'plan.json'));
    await expect(ledger.assertSameRecipe('r2')).rejects.toMatchObject({ code: 'DISTILL_E_VOLUME_OTHER_JOB' });
  });

  test('is cleared of what an earlier life of the writer left half-written', async () => {
    await writeFile(join(folder, '.plan.json.bin-0.17.0123ab.tmp'), '{');
    await open();
    expect(await readdir(folder)).toEqual([]);
  });

  test('with work of an unknown recipe is left alone', async () => {
    await commit(1);
    await expect(ledger.assertSameRecipe('r1')).rejects.toThrow('neither recipe.json nor plan.json');
  });

  test('that cannot be written is refused by its name', async () => {
    await writeFile(join(folder, 'file'), '');
    const inFile = openLedger({ folder: join(folder, 'file/job'), writer: 'planner', log: () => undefined });
    await expect(inFile).rejects.toMatchObject({
      code: 'DISTILL_E_VOLUME_NOT_WRITABLE',
      subject: join(folder, 'file/job'),
      fix: 'Give a path on the volume where a folder is or can be made.',
    });
    // A reader finds the folder empty, since `logs` under a file does not exist.
    const looked = new Ledger({ folder: join(folder, 'file'), writer: 'onlooker', log: () => undefined });
    expect(await looked.files.readdir(looked.path('logs'))).toEqual([]);
    expect(await looked.files.stat(looked.path('logs'))).toBeUndefined();
    const denied = {
      ...faultyFileLayer(),
      create: () => Promise.reject(Object.assign(new Error('EROFS: read-only'), { code: 'EROFS' })),
    };
    await expect(open(denied)).rejects.toMatchObject({ code: 'DISTILL_E_VOLUME_NOT_WRITABLE', subject: folder });
  });
});

test('progress is replaced whole, and whatever is not readable is absent', async () => {
  const progress = workerProgress({ bin: 3, blocks: [BLOCK], step: 3, losses: { [BLOCK]: 0.5 } });
  expect(await ledger.readProgress(3)).toBeUndefined();
  await ledger.writeProgress(progress);
  expect(await ledger.readProgress(3)).toEqual(progress);
  await truncate(join(folder, 'progress/bin-3.json'), 20);
  expect(await ledger.readProgress(3)).toBeUndefined();
});
