import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '@distillation/native-addon/command';
import { cacheFolder } from '@distillation/runtime/cache-folder';

/** Keras itself, by Python and pip, for networks in `.keras` files. */

export interface KerasCase {
  readonly file: string;
  /** Shape of one sample. */
  readonly input: readonly number[];
  /** Whether the input is of bytes: whole numbers of 0 to 255. */
  readonly bytes: boolean;
}

export type KerasResult =
  { readonly outputs: readonly number[]; readonly layers: readonly string[] } | { readonly error: string };

/** Whether this machine has a Python for which the packages exist, with pip. */
export function hasPython(): boolean {
  const check = 'import sys, pip; sys.exit(sys.version_info < (3, 11))';
  return spawnSync('python3', ['-c', check], { stdio: 'ignore' }).status === 0;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** What Keras computes with each network for two fixed images (`pixels`), in a Python process that `folder` is for. */
export async function outputsOfKeras(cases: readonly KerasCase[], folder: string): Promise<KerasResult[]> {
  const [source, target] = [join(folder, 'cases.json'), join(folder, 'outputs.json')];
  await writeFile(source, JSON.stringify(cases));
  const env = {
    PYTHONPATH: await installedKeras(),
    KERAS_BACKEND: 'numpy',
    JAX_PLATFORMS: 'cpu',
    PYTHONDONTWRITEBYTECODE: '1',
  };
  await runCommand('python3', [here('outputs.py'), source, target], { env, timeoutMs: 600_000 });
  return JSON.parse(await readFile(target, 'utf8')) as KerasResult[];
}

/**
 * The folder in the user's cache with the packages of requirements.txt, for this machine's Python; installed there if it is not yet.
 * @throws CommandError when there is no Python with pip, or the packages cannot be fetched
 */
async function installedKeras(): Promise<string> {
  const version = await runCommand('python3', ['--version'], { timeoutMs: 60_000 });
  const requirements = here('requirements.txt');
  const key = createHash('sha256')
    .update(version)
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16);
  const folder = join(cacheFolder(), `keras-${key}`);
  if (await exists(folder)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  // Complete or not at all; of two processes that install, the later one finds the folder of the other.
  const building = await mkdtemp(join(cacheFolder(), 'keras-new-'));
  try {
    const args = ['-m', 'pip', 'install', '--quiet', '--no-compile', '--target', building, '-r', requirements];
    await runCommand('python3', args, { timeoutMs: 900_000 });
    await rename(building, folder).catch(async (cause: unknown) => {
      if (!(await exists(folder))) throw cause;
    });
    return folder;
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
