import { cp, rm } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { NativePackage } from './addon.ts';
import { runCommand } from './command.ts';

const FIRST_BYTES_MS = 20_000;
const DOWNLOAD_MS = 600_000;

/**
 * Runs the package's own install script, which downloads TensorFlow's C library and the addon. It runs on a copy of the package, since the
 * script edits its package.json and leaves an incomplete library behind when it fails.
 * @param folder receives `deps` and `lib`
 * @throws Error with the reason, in one line
 */
export async function installOfficial(name: NativePackage, packageFolder: string, folder: string): Promise<void> {
  await cp(packageFolder, folder, {
    recursive: true,
    filter: (source) => ![join(packageFolder, 'deps'), join(packageFolder, 'lib')].includes(source),
  });
  const modules = dirname(dirname(packageFolder));
  const started = performance.now();
  const deps = join(folder, 'deps');
  await runCommand(
    process.execPath,
    [join('scripts', 'install.js'), name === 'tfjs-node-gpu' ? 'gpu' : 'cpu', 'download'],
    {
      cwd: folder,
      // The copy is outside node_modules and finds its dependencies by this.
      env: {
        NODE_PATH: modules,
        PATH: [join(modules, '.bin'), dirname(process.execPath), process.env['PATH']].join(delimiter),
      },
      timeoutMs: DOWNLOAD_MS,
      giveUp: () => {
        const silent =
          performance.now() - started > FIRST_BYTES_MS && (!existsSync(deps) || readdirSync(deps).length === 0);
        return silent ? `nothing arrived in ${FIRST_BYTES_MS / 1000} s` : undefined;
      },
    },
  );
  await rm(join(folder, 'node_modules'), { recursive: true, force: true });
}
