import type { Tf } from './tf.ts';

export function installWasmKernels(tf: Tf): void {
  if (!tf.env().getBool('IS_NODE')) return;
}
