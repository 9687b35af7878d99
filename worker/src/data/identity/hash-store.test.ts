import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DatasetSpec } from '@distillation/api/job';
import { nodeFileLayer } from '@distillation/ledger/file-layer';
import { noise, writeImages } from '../../../test/data-files.ts';
import { dataFolder, zeroMiddle } from '../../../test/data.ts';
import { type HashStore, openHashStore } from './hash-store.ts';

const data = dataFolder();
const size = { height: 40, width: 60 };
const FOLDERS: Partial<DatasetSpec> = { format: 'ImageFolder', validation: { fraction: '0.25' } };
const IMAGES = ['a', 'b'].flatMap((label) => [0, 1, 2, 3].map((index) => `train/${label}/${index}.png`));
const path = (name: string): string => join(data.folder, name);

describe('hashes kept on the volume', () => {
  const open = (volume = data.volume, log: string[] = []): Promise<HashStore> =>
    openHashStore({ files: nodeFileLayer, volume, folder: data.folder, log: (line) => log.push(line) });

  it('save a second reading of each file, until its size or a time of it change', async () => {
    await writeImages(data.folder, IMAGES, size);
    /** Opens the data as a plan does; returns how many files did not have to be read. */
    const plan = async (): Promise<{ sha256: string; found: number }> => {
      let found = 0;
      const counting = async (): Promise<HashStore> => {
        const store = await open();
        return {
          ...store,
          get: (name, stamp) => {
            const digest = store.get(name, stamp);
            if (digest !== undefined) found++;
            return digest;
          },
        };
      };
      const { sha256 } = (await data.open(FOLDERS, { known: counting })).summary;
      return { sha256, found };
    };
    const first = await plan();
    expect(first.found).toBe(0);
    // The hash of a file written just now is not kept, since the file may be written again within the same tick of the file system.
    const later = async (): Promise<unknown> => plan();
    await expect.poll(later).toStrictEqual({ ...first, found: IMAGES.length });
    await zeroMiddle(data, 'train/a/2.png');
    // When the modification time is reset, the inode's change time reveals it.
    await utimes(path('train/a/2.png'), 1_600_000_000, 1_600_000_000);
    const changed = await plan();
    expect(changed).toStrictEqual({ sha256: (await data.open(FOLDERS)).summary.sha256, found: IMAGES.length - 1 });
    expect(changed.sha256).not.toBe(first.sha256);
  });

  it('may be damaged, or on a volume that cannot be written: then all is read', async () => {
    await writeImages(data.folder, IMAGES, size);
    const { sha256 } = (await data.open(FOLDERS)).summary;
    const log: string[] = [];
    const store = await open();
    const stamp = { size: 1n, modified: 2n, changed: 3n, inode: 4n };
    store.put('x', stamp, noise(32, 'digest'));
    await store.save();
    const folder = join(data.volume, '.distillation', 'data');
    const [file = ''] = await readdir(folder);
    const bytes = await readFile(join(folder, file));
    await writeFile(join(folder, file), bytes.subarray(0, -1));
    expect((await open(data.volume, log)).get('x', stamp)).toBeUndefined();
    expect(log).toStrictEqual([expect.stringContaining('is damaged: the data are read anew') as string]);
    await writeFile(join(data.volume, 'file'), '');
    const known = await open(join(data.volume, 'file'), log);
    known.put('x', stamp, noise(32, 'digest'));
    await known.save();
    expect(log[1]).toContain('could not be kept for the next plan');
    expect((await data.open(FOLDERS, { known: () => Promise.resolve(known) })).summary.sha256).toBe(sha256);
  });

  it('come back from the volume, each for its own stamp', async () => {
    const stamp = { size: 10n, modified: 1_700_000_000_123_456_789n, changed: 5n, inode: 2n ** 63n + 7n };
    const first = await open();
    const names = Array.from({ length: 1000 }, (_, index) => `train/\udce9/${index}`);
    for (const name of names) first.put(name, stamp, noise(32, name));
    await first.save();
    const second = await open();
    for (const name of names) expect([...(second.get(name, stamp) ?? [])]).toStrictEqual([...noise(32, name)]);
    expect(second.get('train/other', stamp)).toBeUndefined();
    for (const field of ['size', 'modified', 'changed', 'inode'] as const) {
      expect(second.get(names[0] ?? '', { ...stamp, [field]: stamp[field] + 1n })).toBeUndefined();
    }
  });
});
