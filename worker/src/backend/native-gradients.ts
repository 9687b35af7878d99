import type { Tf } from './tf.ts';

export function installNativeGradients(tf: Tf): void {
  if (!tf.env().getBool('IS_NODE')) return;
}
