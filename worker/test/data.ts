import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { ErrorCode } from '@distillation/api/errors';
import type { DatasetSpec } from '@distillation/api/job';
import { datasetSpec } from './data-files.ts';
import { openDataset } from '../src/data/open.ts';
import type { Dataset, Expected, Split } from '../src/data/types.ts';
import type { Hashing } from '../src/data/identity/hashing.ts';

/** A volume with an empty data folder for each test in a file. */
interface DataFolder {
  /** The folder `data` on the volume. */
  readonly folder: string;
  readonly volume: string;
  open(overrides: Partial<DatasetSpec>, expected?: Expected & Hashing): Promise<Dataset>;
}

export function dataFolder(): DataFolder {
  let root = '';
  let serial = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'datasets-'));
  });
  afterAll(() => rm(root, { recursive: true }));
  beforeEach(() => mkdir(join(root, String(++serial), 'data'), { recursive: true }));
  const volume = (): string => join(root, String(serial));
  return {
    get folder() {
      return join(volume(), 'data');
    },
    get volume() {
      return volume();
    },
    open: (overrides, expected) => openDataset(volume(), datasetSpec(overrides), expected),
  };
}

/** Expects a failure with this code and with a message of whole sentences that contains these words. */
export async function expectError(
  failing: Promise<unknown>,
  code: ErrorCode,
  ...named: readonly string[]
): Promise<void> {
  const error: unknown = await failing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code });
  const { message } = error as Error;
  for (const name of named) expect(message).toContain(name);
  expect(message).toMatch(/[^.]\.$/);
  expect(message).not.toMatch(/\.\.;|\.\.$| {2}/);
}

export async function labelsOf(dataset: Dataset, split: Split): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < dataset.splits[split].count; index++) {
    found.push((await dataset.read(split, index)).label);
  }
  return found;
}

/** Zeroes some bytes in the middle of a file, keeping its size and both ends. */
export async function zeroMiddle({ folder }: DataFolder, name: string): Promise<void> {
  const path = join(folder, name);
  const bytes = await readFile(path);
  const middle = bytes.length >> 1;
  await writeFile(path, bytes.fill(0, middle - 50, middle + 50));
}
