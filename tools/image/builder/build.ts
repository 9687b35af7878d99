import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildLabels, type Origin } from './labels.ts';
import { basesOf, makeBases, type Workshop } from './base.ts';

/** The images that are published, each with its Dockerfile. */
export const IMAGES = {
  operator: 'images/operator/Dockerfile',
  'worker-cpu': 'images/worker/Dockerfile.cpu',
  worker: 'images/worker/Dockerfile',
} as const;
export type ImageName = keyof typeof IMAGES;
export const IMAGE_NAMES = Object.keys(IMAGES) as ImageName[];

/** Makes what the Dockerfiles of these images start from. */
export async function makeBasesOf(images: readonly ImageName[], workshop: Workshop): Promise<void> {
  const dockerfiles = await Promise.all(images.map((image) => readFile(join(workshop.root, IMAGES[image]), 'utf8')));
  await makeBases([...new Set(dockerfiles.flatMap(basesOf))], workshop);
}

/**
 * Runs every line of an image's Dockerfile on the bases of `makeBasesOf`. The same sources, bases and origin give the same image.
 * @returns the image's name in the store
 */
export async function buildImage(image: ImageName, { buildah, root }: Workshop, origin: Origin): Promise<string> {
  const name = `localhost/distillation-${image}:built`;
  const labels = Object.entries(buildLabels(origin)).flatMap(([label, value]) => ['--label', `${label}=${value}`]);
  const settings = ['--isolation', 'chroot', '--pull-never', '--format', 'oci', '--no-cache'];
  const when = ['--timestamp', String(origin.epoch)];
  await buildah.run('build', ...settings, ...when, ...labels, '--file', join(root, IMAGES[image]), '--tag', name, root);
  return name;
}
