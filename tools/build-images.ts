import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Buildah, ensureBuilder } from './image/builder/buildah.ts';
import { buildImage, IMAGE_NAMES, makeBasesOf } from './image/builder/build.ts';
import { originOf } from './image/builder/labels.ts';

/**
 * `npm run build:images -- [--to FOLDER] [--source URL] IMAGE...`: builds images by their Dockerfiles where there is no Docker and no
 * registry (Debian, root). Each is written to FOLDER/IMAGE as an OCI image layout; by default `dist/images`. Without names all but the
 * worker for GPUs.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const { values, positionals } = parseArgs({
  options: { to: { type: 'string', default: join(ROOT, 'dist/images') }, source: { type: 'string' } },
  allowPositionals: true,
});
const wanted = positionals.length === 0 ? ['operator', 'worker-cpu'] : positionals;
const images = IMAGE_NAMES.filter((name) => wanted.includes(name));
if (images.length !== new Set(wanted).size) {
  process.stderr.write(`usage: npm run build:images -- [--to FOLDER] [--source URL] [${IMAGE_NAMES.join('|')}]...\n`);
  process.exit(64);
}
ensureBuilder(log);
const folder = await mkdtemp(join(tmpdir(), 'distill-buildah-'));
try {
  const buildah = new Buildah(folder, log);
  const workshop = { buildah, root: ROOT, log };
  const origin = originOf(ROOT, values.source);
  await makeBasesOf(images, workshop);
  for (const image of images) {
    const place = join(resolve(values.to), image);
    await buildah.write(await buildImage(image, workshop, origin), place);
    const index = JSON.parse(await readFile(join(place, 'index.json'), 'utf8')) as { manifests: { digest: string }[] };
    log(`${image}: ${place}, ${index.manifests[0]?.digest ?? ''}`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
