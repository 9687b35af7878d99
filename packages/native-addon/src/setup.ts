import { locatePackage } from './addon.ts';
import { ensureNativeAddon, nativeMode, type NativeState } from './install.ts';

/**
 * Makes this machine's native backend usable, in the ways that `DISTILL_NATIVE` allows. If there is nothing to do, it takes some
 * milliseconds.
 * @param log receives a line for each step that takes time
 */
export async function setUpNative(log: (line: string) => void, env = process.env): Promise<NativeState> {
  const value = env['DISTILL_NATIVE'];
  const mode = nativeMode(value);
  if (mode === undefined) log(`DISTILL_NATIVE=${value ?? ''} is none of official, wheel, skip; every way is tried`);
  // Only the GPU image contains the GPU package; elsewhere the CPU package is used.
  const name = locatePackage('tfjs-node-gpu') === undefined ? 'tfjs-node' : 'tfjs-node-gpu';
  return ensureNativeAddon({ package: name, log, mode: mode ?? 'any' });
}

/** For users without the native library: what that means and what to do. Undefined where it is usable. */
export function withoutNative({ usable, summary }: NativeState): string | undefined {
  if (usable) return undefined;
  const way = 'It is fetched at the next start with a network, or by `kubectl-distill setup`.';
  return `Computing in WebAssembly, some ten times slower than TensorFlow's native library (${summary}). ${way}`;
}
