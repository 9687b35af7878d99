import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeArchive } from '../../tools/cli-package/archive.ts';
import { cliPackage, NAME } from '../../tools/cli-package/contents.ts';
import { type ImageFile } from '../../tools/image/stage.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface InstalledCli {
  /** What is in the package. */
  readonly files: readonly ImageFile[];
  readonly version: string;
  /** The package itself. */
  readonly archive: string;
  /** The program, as npm has put it onto the PATH of a user. */
  readonly program: string;
  /** An empty folder. */
  readonly empty: string;
}

/** Packs the CLI and installs it by npm below a folder, from an empty one, without a registry. */
export async function installCli(folder: string): Promise<InstalledCli> {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const files = await cliPackage(ROOT);
  const archive = join(folder, `${NAME}-${version}.tgz`);
  const prefix = join(folder, 'prefix');
  const empty = join(folder, 'empty');
  await writeArchive(archive, 'package', files);
  await mkdir(empty);
  const npm = ['install', '--global', '--offline', '--no-audit', '--no-fund', '--prefix', prefix, archive];
  await promisify(execFile)('npm', npm, {
    cwd: empty,
    env: { ...process.env, npm_config_cache: join(folder, 'cache') },
  });
  return { files, version, archive, program: join(prefix, 'bin', NAME), empty };
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in a folder with nothing around it but these folders of programs. */
export const runBare = (
  program: string,
  args: readonly string[],
  { cwd, path }: { readonly cwd: string; readonly path: string },
): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { PATH: `${path}:/usr/bin:/bin`, HOME: cwd };
    execFile(program, args, { cwd, env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
