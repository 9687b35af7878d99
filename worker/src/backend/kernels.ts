import type { KernelConfig, Tensor } from '@tensorflow/tfjs';
import type { Tf } from './tf.ts';

type KernelCall = Parameters<KernelConfig['kernelFunc']>[0];

/** Runs `extension` before a stock kernel, which handles the cases for which the extension returns undefined. */
export function extendKernel(
  tf: Tf,
  { kernelName, backendName }: Pick<KernelConfig, 'kernelName' | 'backendName'>,
  extension: (call: KernelCall) => Tensor | undefined,
): void {
  const stock = tf.getKernel(kernelName, backendName);
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ ...stock, kernelFunc: (call) => extension(call) ?? stock.kernelFunc(call) });
}
