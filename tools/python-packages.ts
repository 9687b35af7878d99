import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@distillation/native-addon/command';
import { cacheFolder } from '@distillation/runtime/cache-folder';

/**
 * The folder in the user's cache with the packages of a requirements file, for this machine's Python; installed there if it is not yet. It
 * is for PYTHONPATH.
 * @param name begins the folder's name
 * @throws CommandError when there is no Python with pip, or the packages cannot be fetched
 */
export async function pythonPackages(name: string, requirements: string): Promise<string> {
  const version = await runCommand('python3', ['--version'], { timeoutMs: 60_000 });
  const key = createHash('sha256')
    .update(version)
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16);
  const folder = join(cacheFolder(), `${name}-${key}`);
  if (await exists(folder)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  // Complete or not at all; of two processes that install, the later one finds the folder of the other.
  const building = await mkdtemp(join(cacheFolder(), `${name}-new-`));
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
