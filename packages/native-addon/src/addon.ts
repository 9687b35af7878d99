import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { runCommand } from './command.ts';

/** The npm packages that run TensorFlow in Node: CPU, and CPU with NVIDIA GPUs. */
export type NativePackage = 'tfjs-node' | 'tfjs-node-gpu';

/** Path of the addon in its package and in our build folders; `deps/lib` beside `lib` holds TensorFlow itself. */
export const ADDON = join('lib', 'napi-v8', 'tfjs_binding.node');

/** Folder and version of an installed package; undefined when npm has not installed it. */
export function locatePackage(name: NativePackage): { folder: string; version: string } | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`@tensorflow/${name}/package.json`);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { folder: dirname(manifest), version };
  } catch {
    return undefined;
  }
}

const PROBE = `
  const addon = require(process.argv[1]);
  const two = addon.createTensor([1], addon.TF_FLOAT, Float32Array.of(2));
  const type = { name: 'T', type: addon.TF_ATTR_TYPE, value: addon.TF_FLOAT };
  const [square] = addon.executeOp('Square', [type], [two], 1);
  if (addon.tensorDataSync(square.id)[0] !== 4) throw new Error('2 x 2 is not 4');
  process.stdout.write(addon.TF_Version);
`;

/**
 * Loads an addon and computes with it, in a separate process, since a library that does not suit the machine may crash it.
 * @param folder contains `ADDON`
 * @returns the version of TensorFlow
 * @throws CommandError, or Error when there is no addon
 */
export async function probeAddon(folder: string): Promise<string> {
  const addon = join(folder, ADDON);
  if (!existsSync(addon)) throw new Error(`there is no ${ADDON}`);
  return runCommand(process.execPath, ['-e', PROBE, addon], { timeoutMs: 120_000, env: { TF_CPP_MIN_LOG_LEVEL: '2' } });
}

const LOADED = `
  require(process.argv[1]);
  process.report.excludeNetwork = true;
  process.stdout.write(JSON.stringify([process.execPath, ...process.report.getReport().sharedObjects]));
`;

/**
 * Paths of the program and of all libraries in a process that has loaded an addon.
 * @param folder contains `ADDON`
 * @throws CommandError when it cannot be loaded, Error when the path of a library is not known
 */
export async function loadedWith(folder: string): Promise<string[]> {
  const env = { TF_CPP_MIN_LOG_LEVEL: '2' };
  const said = await runCommand(process.execPath, ['-e', LOADED, join(folder, ADDON)], { timeoutMs: 120_000, env });
  // The kernel's own library has no path.
  const loaded = (JSON.parse(said.slice(said.lastIndexOf('\n') + 1)) as string[]).filter(
    (path) => !path.startsWith('linux-vdso'),
  );
  const relative = loaded.find((path) => !isAbsolute(path));
  if (relative !== undefined) throw new Error(`the library ${relative} was loaded by a relative path`);
  return loaded;
}
