/**
 * What is in an image, said once: the Dockerfiles run `tools/stage-image.ts`, the end-to-end tests call `stageImage`, and both
 * take from here.
 */

export type ImageKind = 'operator' | 'worker';
export const IMAGE_KINDS: readonly ImageKind[] = ['operator', 'worker'];

/** Who runs in an image when a pod does not say: a number that no image base gives to anybody. */
export const USER = '65532:65532';

/** What an image starts; its arguments come from the pod. */
export function entrypoint(kind: ImageKind): string[] {
  return ['node', '--disable-warning=ExperimentalWarning', `/app/${kind}/src/main.ts`];
}

/** Whether a file of a workspace (path relative to the workspace) is for production: its sources, without the tests beside them. */
export function isProductionSource(path: string): boolean {
  return path === 'package.json' || (path.startsWith('src/') && !path.endsWith('.test.ts'));
}

const TYPES_AND_MAPS = /\.(map|d\.ts|d\.mts|d\.cts|tsbuildinfo)$/;
/** TensorFlow.js ships each part many times over; Node loads the `*.node.js` one. */
const BROWSER_BUNDLES = /^dist\/[^/]*\.(min|es2017|es2017\.min|fesm|fesm\.min)\.js$/;
const NATIVE_SOURCES = /^(binding|src|scripts|python|deps\/include|deps\/nvidia\/[^/]+\/include)(\/|$)/;

/** Whether a file of an npm package (path relative to the package) is for production; `node_modules` inside are packages of their own. */
export function isProductionFile(packageName: string, path: string): boolean {
  if (path === 'node_modules' || path.startsWith('node_modules/') || TYPES_AND_MAPS.test(path)) return false;
  if (!packageName.startsWith('@tensorflow/')) return true;
  if (BROWSER_BUNDLES.test(path)) return false;
  return !(packageName.startsWith('@tensorflow/tfjs-node') && NATIVE_SOURCES.test(path));
}
