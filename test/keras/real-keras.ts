import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '@distillation/native-addon/command';
import { pythonPackages } from '../../tools/python-packages.ts';

/** Keras itself, by Python and pip, for networks in `.keras` files. */

export interface KerasCase {
  readonly file: string;
  /** Shape of one sample. */
  readonly input: readonly number[];
  /** Whether the input is of bytes: whole numbers of 0 to 255. */
  readonly bytes: boolean;
}

type KerasResult =
  | { readonly outputs: readonly number[]; readonly layers: readonly string[] }
  | { readonly error: string };

/** Whether this machine has a Python for which the packages exist, with pip. */
export function hasPython(): boolean {
  const check = 'import sys, pip; sys.exit(sys.version_info < (3, 11))';
  return spawnSync('python3', ['-c', check], { stdio: 'ignore' }).status === 0;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * What Keras computes with each network for two fixed images (`pixels`), in a Python process that `folder` is for.
 * @throws CommandError when there is no Python with pip, or the packages cannot be fetched
 */
export async function outputsOfKeras(cases: readonly KerasCase[], folder: string): Promise<KerasResult[]> {
  const [source, target] = [join(folder, 'cases.json'), join(folder, 'outputs.json')];
  await writeFile(source, JSON.stringify(cases));
  const env = {
    PYTHONPATH: await pythonPackages('keras', here('requirements.txt')),
    KERAS_BACKEND: 'numpy',
    JAX_PLATFORMS: 'cpu',
    // Empty is no: what one process has compiled of the packages, in seconds, is in their folder for the next.
    PYTHONDONTWRITEBYTECODE: '',
  };
  await runCommand('python3', [here('outputs.py'), source, target], { env, timeoutMs: 600_000 });
  return JSON.parse(await readFile(target, 'utf8')) as KerasResult[];
}
