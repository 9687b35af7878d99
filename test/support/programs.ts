import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, writeBundle } from '../../tools/build/bundle.ts';

/** The programs as they are shipped, built for tests, and two variants of them. No product code knows of these. */

const ROOT = join(import.meta.dirname, '../..');
const PACKAGES = join(ROOT, 'node_modules');
const NATIVE = '@tensorflow/tfjs-node';

/** A data loader each of whose batches holds the main thread, for `heldSteps`. */
export const HELD_LOADER = {
  [join(ROOT, 'worker/src/data/loading/loader.ts')]: join(import.meta.dirname, 'pace/held-loader.ts'),
};

export type Variant =
  | 'usual'
  /** With steps that last: `HELD_LOADER`. */
  | 'held'
  /** Where npm has installed no native TensorFlow, as on a machine that it has no binary for. */
  | 'no-native';

/** Path of the CLI or the worker in a folder of `buildPrograms`. */
export const programPath = (folder: string, variant: Variant, program: 'cli' | 'worker'): string =>
  join(folder, variant, `${program}.mjs`);

/** Builds CLI and worker in a folder of each variant, beside the packages that they find. */
export async function buildPrograms(folder: string): Promise<void> {
  const programs = ['cli', 'worker'] as const;
  const usual = await bundle({ root: ROOT, programs });
  const held = await bundle({ root: ROOT, programs, instead: HELD_LOADER });
  const variants: Record<Variant, typeof usual> = { usual, held, 'no-native': usual };
  for (const [variant, files] of Object.entries(variants)) {
    const place = join(folder, variant);
    await writeBundle(files, place);
    if (variant === 'no-native') await linkPackages(place);
    else await symlink(PACKAGES, join(place, 'node_modules'));
  }
}

/** All packages but the native ones, each by a link. */
async function linkPackages(folder: string): Promise<void> {
  const scopes = (await readdir(PACKAGES)).filter((name) => name.startsWith('@'));
  for (const scope of ['', ...scopes]) {
    await mkdir(join(folder, 'node_modules', scope), { recursive: true });
    for (const name of await readdir(join(PACKAGES, scope))) {
      const path = join(scope, name);
      if (scopes.includes(path) || path.startsWith(NATIVE)) continue;
      await symlink(join(PACKAGES, path), join(folder, 'node_modules', path));
    }
  }
}
