import type { Tensor } from '@tensorflow/tfjs';
import { extendKernel } from './kernels.ts';
import { biasGradient, matMulTransposedLeft } from './native-ops.ts';
import type { Tf } from './tf.ts';

const installed = new WeakSet();

/**
 * Speeds up two kernels of tfjs-node for the cases that dominate a training step: the sum of a gradient over everything but the
 * channels (a bias's gradient; four times as fast), and the filter gradient of a 1x1 convolution (a matrix product). Installing
 * twice is harmless.
 */
export function installNativeKernels(tf: Tf): void {
  if (installed.has(tf.engine())) return;
  installed.add(tf.engine());

  extendKernel(tf, { kernelName: 'Sum', backendName: 'tensorflow' }, ({ inputs, attrs }) => {
    const x = inputs['x'] as Tensor;
    const axes = tf.util.parseAxisParam(attrs?.['axis'] as number[], x.shape).sort((a, b) => a - b);
    const allButLast = axes.length === x.rank - 1 && axes.every((axis, i) => axis === i);
    if (
      x.rank < 2 ||
      x.rank > 5 ||
      x.dtype !== 'float32' ||
      x.size === 0 ||
      !allButLast ||
      attrs?.['keepDims'] === true
    )
      return undefined;
    return biasGradient(tf, x);
  });

  extendKernel(tf, { kernelName: 'Conv2DBackpropFilter', backendName: 'tensorflow' }, ({ inputs, attrs }) => {
    const [x, dy] = [inputs['x'], inputs['dy']] as [Tensor, Tensor];
    const [rows = 0, columns = 0, depth = 0, outputs = 0] = (attrs?.['filterShape'] ?? []) as number[];
    // With stride 1, equal sizes also mean that nothing was padded.
    const pointwise = rows === 1 && columns === 1 && isOne(attrs?.['strides']) && x.size / depth === dy.size / outputs;
    if (!pointwise || attrs?.['dataFormat'] !== 'NHWC') return undefined;
    return tf.tidy(() => {
      const product = matMulTransposedLeft(tf, tf.reshape(x, [-1, depth]), tf.reshape(dy, [-1, outputs]));
      return tf.reshape(product, [1, 1, depth, outputs]);
    });
  });
}

function isOne(strides: unknown): boolean {
  return (Array.isArray(strides) ? strides : [strides]).every((stride) => stride === 1);
}
