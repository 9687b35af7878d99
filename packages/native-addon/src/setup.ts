import { locatePackage } from './addon.ts';
import { ensureNativeAddon, nativeMode, type NativeState } from './install.ts';

/**
 * Makes the native backend of this machine usable, by the ways that `DISTILL_NATIVE` allows. When nothing is to be done it takes some
 * milliseconds.
 * @param log takes a line for each step that takes time
 */
export async function setUpNative(log: (line: string) => void, env = process.env): Promise<NativeState> {
  const value = env['DISTILL_NATIVE'];
  const mode = nativeMode(value);
  if (mode === undefined) log(`DISTILL_NATIVE=${value ?? ''} is none of official, wheel, skip; every way is tried`);
  // The GPU package is what the GPU image adds; elsewhere it is not there and the CPU package serves.
  const name = locatePackage('tfjs-node-gpu') === undefined ? 'tfjs-node' : 'tfjs-node-gpu';
  return ensureNativeAddon({ package: name, log, mode: mode ?? 'any' });
}

/** For who computes without it: what that means and what to do; undefined where it is usable. */
export function withoutNative({ usable, summary }: NativeState): string | undefined {
  if (usable) return undefined;
  const way = 'It is fetched at the next start with a network, or by `kubectl-distill setup`.';
  return `Computing in WebAssembly, some ten times slower than TensorFlow's native library (${summary}). ${way}`;
}
