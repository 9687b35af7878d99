import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundle, type ProgramName, writeBundle } from '../../tools/build/bundle.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the programs, which all tests of the project start. */
    readonly programs: string;
  }
}

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

/** Path of a program in the folder of `providePrograms`. */
export const programPath = (folder: string, variant: Variant, program: ProgramName): string =>
  join(folder, variant, `${program}.mjs`);

/**
 * Builds the programs once for all files of a project: a start of what is built takes half a second less than one of the sources.
 * @returns their folder, and how to remove it
 */
export async function providePrograms(
  project: TestProject,
  variants: readonly Variant[],
): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'distill-programs-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    for (const variant of variants) await buildPrograms(join(folder, variant), variant);
  } catch (thrown) {
    await remove();
    throw thrown;
  }
  project.provide('programs', folder);
  return { folder, remove };
}

/** Builds the programs, beside the packages that they find. */
async function buildPrograms(place: string, variant: Variant): Promise<void> {
  const instead = variant === 'held' ? HELD_LOADER : {};
  await writeBundle(await bundle({ root: ROOT, programs: ['cli', 'worker', 'operator'], instead }), place);
  if (variant === 'no-native') await linkPackages(place);
  else await symlink(PACKAGES, join(place, 'node_modules'));
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
