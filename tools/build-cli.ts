import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bytes } from '@distillation/api/format';
import { sha256, writeArchive } from './cli-package/archive.ts';
import { cliPackage, NAME } from './cli-package/contents.ts';
import { krewManifest, PLUGIN, type ReleasedArchive } from './cli-package/krew.ts';
import { archiveName, nodeOf, PLATFORMS } from './cli-package/platforms.ts';

/**
 * `npm run build:cli -- [--to FOLDER]`: the CLI as `kubectl-distill-VERSION.tgz`, which `npm install --global` takes; by default into
 * `dist/cli`. With `--archives` also what a release has: an archive with Node for each platform (fetched from npm), their SHA-256 and the
 * manifest by which krew installs them, which names them below `--url`, the page of the release's files.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    to: { type: 'string', default: join(ROOT, 'dist/cli') },
    archives: { type: 'boolean', default: false },
    url: { type: 'string', default: 'https://example.com/releases' },
    home: { type: 'string', default: 'https://example.com' },
  },
});
const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const to = resolve(values.to);
const tell = async (file: string): Promise<void> => {
  process.stdout.write(`${file}: ${bytes((await stat(file)).size)}\n`);
};

const files = await cliPackage(ROOT);
await mkdir(to, { recursive: true });
const made = [join(to, `${NAME}-${version}.tgz`)];
await writeArchive(made[0] ?? '', 'package', files);
if (values.archives) {
  const work = await mkdtemp(join(tmpdir(), 'distill-cli-'));
  const archives: ReleasedArchive[] = [];
  try {
    for (const platform of PLATFORMS) {
      const file = join(to, archiveName(platform, version));
      await writeArchive(file, `${NAME}-${version}`, [...files, ...(await nodeOf(platform, ROOT, work))]);
      archives.push({ platform, url: `${values.url}/${basename(file)}`, sha256: await sha256(file) });
      made.push(file);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const krew = join(to, `${PLUGIN}.yaml`);
  await writeFile(krew, krewManifest(version, values.home, archives));
  made.push(krew);
  const sums = await Promise.all(made.map(async (file) => `${await sha256(file)}  ${basename(file)}\n`));
  await writeFile(join(to, 'SHA256SUMS'), sums.join(''));
}
for (const file of made) await tell(file);
