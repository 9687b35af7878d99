import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ClusterImage, namesOf, programImage } from './images.ts';
import { tar } from './tar.ts';

/** Folder of images that `npm run build:images` wrote, which nodes then run. */
const BUILT_IMAGES = 'DISTILL_IMAGES';

/**
 * The images of operator and worker for nodes: those that the Dockerfiles made, where the environment names their folder, else images of
 * the same files on a base of this machine's own.
 * @param root the repository's root, after `npm ci` and `npm run setup`
 */
export async function programImages(root: string, env: NodeJS.ProcessEnv = process.env): Promise<ClusterImage[]> {
  const built = env[BUILT_IMAGES] ?? '';
  if (built === '') return [await programImage('operator', root), await programImage('worker', root)];
  return [
    await layoutImage(resolve(root, built, 'operator'), await namesOf('operator', root)),
    await layoutImage(resolve(root, built, 'worker-cpu'), await namesOf('worker', root)),
  ];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** The only image of an OCI image layout, under other names. */
async function layoutImage(folder: string, names: readonly string[]): Promise<ClusterImage> {
  const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(join(folder, path), 'utf8'));
  const place = ({ digest }: Descriptor): string => `blobs/${digest.replace(':', '/')}`;
  const { manifests } = (await json('index.json')) as { manifests: Descriptor[] };
  const [described, ...more] = manifests;
  if (described === undefined || more.length > 0)
    throw new Error(`${folder} holds ${manifests.length} images, not one`);
  const { config, layers } = (await json(place(described))) as { config: Descriptor; layers: Descriptor[] };
  const hex = ({ digest }: Descriptor): string => digest.replace('sha256:', '');
  const { mediaType, digest, size } = described;
  const index = names.map((name) => ({
    ...{ mediaType, digest, size },
    annotations: { 'io.containerd.image.name': name },
  }));
  const blobs = (all: readonly Descriptor[]): Parameters<typeof tar>[0] =>
    all.map((each) => ({
      path: place(each),
      content: { size: each.size, read: () => createReadStream(join(folder, place(each)), { highWaterMark: 1 << 20 }) },
    }));
  return {
    names,
    digest: hex(config),
    layers: layers.map(hex),
    archive: (without = new Set()) =>
      tar([
        { path: 'oci-layout', content: Buffer.from('{"imageLayoutVersion":"1.0.0"}') },
        { path: 'index.json', content: Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: index })) },
        ...blobs([described, config, ...layers.filter((layer) => !without.has(hex(layer)))]),
      ]),
  };
}
