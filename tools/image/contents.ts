import { basename } from 'node:path';
import { IMAGE_SAMPLES, WORKER_PROGRAM } from '@distillation/api/transfer';
import { INSIDE } from '../build/bundle.ts';

/**
 * The contents of the images, shared by `tools/stage-image.ts`, which the Dockerfiles run, and by the tests' `stageImage`.
 */

export type ImageKind = 'operator' | 'worker';
export const IMAGE_KINDS: readonly ImageKind[] = ['operator', 'worker'];

/** Default user and group of the images: an ID that no base image uses. */
export const USER = '65532:65532';

/** Folder of our own code under `/app`. */
export const BUNDLE = 'dist';

/** Folder of the sample teacher under `/app`, in the worker's image. */
export const SAMPLES = basename(IMAGE_SAMPLES);

/** Bill of materials by CycloneDX, beside the program. */
export const SBOM = 'sbom.cdx.json';

/** Entrypoint of an image; the arguments come from the pod. */
export function entrypoint(kind: ImageKind): string[] {
  return kind === 'worker' ? [...WORKER_PROGRAM] : ['node', `/app/${BUNDLE}/${kind}.mjs`];
}

const TYPES_AND_MAPS = /\.(map|d\.ts|d\.mts|d\.cts|tsbuildinfo)$/;
/** TensorFlow.js ships each part in many bundles, of which Node loads `*.node.js`. */
const BROWSER_BUNDLES = /^dist\/[^/]*\.(min|es2017|es2017\.min|fesm|fesm\.min)\.js$/;
/** What stays of a package whose code is in the bundle: what it is, and its licence. */
const TERMS = /^(package\.json|licen[cs]e[^/]*|notice[^/]*)$/i;
const NATIVE_SOURCES = /^(binding|src|scripts|python|deps\/include|deps\/nvidia\/[^/]+\/include)(\/|$)/;

/** Whether a file of an npm package (path relative to it, empty for its folder) belongs into an image; nested `node_modules` are separate packages. */
export function isProductionFile(packageName: string, path: string): boolean {
  if (path === 'node_modules' || path.startsWith('node_modules/') || TYPES_AND_MAPS.test(path)) return false;
  if (INSIDE.includes(packageName)) return path === '' || TERMS.test(path);
  if (packageName === 'onnxruntime-node') return !ofAnotherPlatform(path);
  if (!packageName.startsWith('@tensorflow/')) return true;
  if (BROWSER_BUNDLES.test(path)) return false;
  return !(packageName.startsWith('@tensorflow/tfjs-node') && NATIVE_SOURCES.test(path));
}

/** ONNX Runtime brings the libraries of all platforms, 250 of its 290 MB; the images are Linux ones, of the processor that stages them. */
function ofAnotherPlatform(path: string): boolean {
  const [, system = 'linux', processor = process.arch] = /^bin\/napi-v\d+\/([^/]+)(?:\/([^/]+))?/.exec(path) ?? [];
  return system !== 'linux' || processor !== process.arch;
}
