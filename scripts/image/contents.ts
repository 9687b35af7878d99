/**
 * What is in an image, said once: the Dockerfiles run `scripts/stage-image.ts`, the end-to-end tests call `stageImage`, and both
 * take from here.
 */

export type ImageKind = 'operator' | 'worker';
export const IMAGE_KINDS: readonly ImageKind[] = ['operator', 'worker'];

/** A workspace's share of an image. */
export interface WorkspaceShare {
  readonly workspace: string;
  /** Folders of the sources that are needed; `src` is all of them. */
  readonly sources: readonly string[];
  /** Whether its production dependencies come along. */
  readonly dependencies: boolean;
}

export const CONTENTS: Readonly<Record<ImageKind, readonly WorkspaceShare[]>> = {
  operator: [
    { workspace: 'api', sources: ['src'], dependencies: true },
    { workspace: 'operator', sources: ['src'], dependencies: true },
  ],
  worker: [
    { workspace: 'api', sources: ['src'], dependencies: true },
    // The worker shares the schedulers and the HTTP server with the operator, and nothing that talks to Kubernetes.
    { workspace: 'operator', sources: ['src/scheduling', 'src/serve'], dependencies: false },
    { workspace: 'worker', sources: ['src'], dependencies: true },
  ],
};

/** Who runs in an image when a pod does not say: a number that no image base gives to anybody. */
export const USER = '65532:65532';

/** What an image starts; its arguments come from the pod. */
export function entrypoint(kind: ImageKind): string[] {
  return ['node', '--disable-warning=ExperimentalWarning', `/app/${kind}/src/main.ts`];
}

/** Dependencies that only the building of the native addon needs. */
export const BUILD_ONLY: ReadonlySet<string> = new Set(['node-api-headers']);

/** Files and folders of what only tests read: made inputs (`fixtures`) and manifests that pass and that fail (`corpus`). */
const TEST_SUPPORT = ['fixtures', 'corpus'];

/** Whether a file of a workspace's sources (path relative to the workspace) is for production. */
export function isProductionSource(path: string): boolean {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (TEST_SUPPORT.some((kind) => parts.includes(kind) || name === `${kind}.ts`)) return false;
  // The addon is made before the image is: nothing in it compiles or downloads.
  if (path.startsWith('src/backend/native/')) return false;
  return !/(\.test\.ts|^testing(-[a-z]+)*\.ts)$/.test(name);
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
