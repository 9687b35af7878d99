import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError, toDistillError } from '@distillation/api/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { volumeFolder } from '../local/volume-folder.ts';
import { binCount, readManifest } from './manifest.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distill-manifest-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The message that a user reads when this throws. */
async function said(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    return describeError(toDistillError(error));
  }
  return 'nothing';
}

describe('a manifest that cannot be read', () => {
  const WAY_OUT = 'Give the path of a readable YAML or JSON file that holds one DistillationJob.';

  it('is named once, with the cause in words', async () => {
    const missing = join(folder, 'none.yaml');
    expect(await said(() => readManifest(missing))).toBe(
      `DISTILL_E_MANIFEST_UNREADABLE: There is no ${missing}. ${WAY_OUT}`,
    );
    expect(await said(() => readManifest(folder))).toBe(
      `DISTILL_E_MANIFEST_UNREADABLE: ${folder} is a folder. ${WAY_OUT}`,
    );
    const path = join(folder, 'job.yaml');
    await writeFile(path, '');
    expect(await said(() => readManifest(path))).toBe(`DISTILL_E_MANIFEST_UNREADABLE: ${path} is empty. ${WAY_OUT}`);
  });
});

it('an invalid number of bins is named', async () => {
  for (const text of ['0', '-1', '1.5', 'two', '', '1025']) {
    expect(await said(() => binCount(text))).toContain(`--bins ${text} is not a number of workers from 1 to 1024.`);
  }
});

it('a missing volume is neither created nor searched, nor is a file', async () => {
  const WAY_OUT = 'Give the folder that holds teacher and data by --volume; without it the current folder is taken.';
  const none = join(folder, 'none');
  expect(await said(() => volumeFolder(none))).toBe(`DISTILL_E_USAGE: There is no folder ${none}. ${WAY_OUT}`);
  const file = join(folder, 'file');
  await writeFile(file, '');
  expect(await said(() => volumeFolder(file))).toBe(`DISTILL_E_USAGE: ${file} is not a folder. ${WAY_OUT}`);
  expect(await volumeFolder(folder)).toBe(folder);
});
