import { internalError } from '@distillation/api/errors';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import {
  type Attributes,
  broadcastGradient,
  type Given,
  type GradientFunction,
  type NamedGradientMap,
  normalizationGradient,
} from './broadcast-gradients.ts';
import { isNative, relu6Gradient, reluGradient } from './native-ops.ts';
import type { Tf } from './tf.ts';

type Padded = readonly [number, number];

/** A gradient for some cases; undefined leaves the case to the stock gradient. */
type Extension = (dy: Tensor, saved: readonly Tensor[], attributes: Attributes) => NamedGradientMap | undefined;

const NONE: Padded = [0, 0];
const installed = new WeakSet();

/**
 * Replaces those gradients of TensorFlow.js that make a training step slow, or fail, for every model of the process and every
 * backend:
 *
 * - `Relu`, `Relu6`: the stock gradient makes an array of ones in JavaScript and runs five operations; TensorFlow has one.
 * - `Mean`, `Sum`: the stock gradient multiplies by an array of ones made in JavaScript.
 * - dilated convolutions: the stock gradient refuses them.
 * - `Maximum`, `Minimum` of different shapes, normalisation along another axis than the last: the stock gradients fail.
 *
 * Values agree with the stock gradients up to rounding. On the native backend second derivatives through ReLU are not recorded.
 * Installing twice is harmless.
 */
export function installGradients(tf: Tf): void {
  if (installed.has(tf.engine())) return;
  installed.add(tf.engine());

  extendGradient(tf, 'Relu', (dy, [x]) => {
    return isNative(tf) && x !== undefined ? { x: () => reluGradient(tf, dy, x) } : undefined;
  });
  extendGradient(tf, 'Relu6', (dy, [x]) => {
    return isNative(tf) && x !== undefined ? { x: () => relu6Gradient(tf, dy, x) } : undefined;
  });
  extendGradient(tf, 'Sum', (dy, [x], { axis }) => {
    return x === undefined ? undefined : { x: () => spread(tf, dy, { shape: x.shape, axis: axis as number[] }) };
  });
  extendGradient(tf, 'Mean', (dy, [x], { axis }) => {
    if (x === undefined) return undefined;
    const share = (): Tensor => tf.mul(dy, dy.size / x.size);
    return { x: () => spread(tf, share(), { shape: x.shape, axis: axis as number[] }) };
  });
  for (const kernel of ['Conv2D', 'DepthwiseConv2dNative']) {
    const stock = tf.getGradient(kernel).gradFunc;
    extendGradient(tf, kernel, (dy, saved, attributes) => dilatedGradient(tf, stock, { dy, saved, attributes }));
  }
  for (const kernel of ['Maximum', 'Minimum']) {
    const stock = tf.getGradient(kernel).gradFunc;
    extendGradient(tf, kernel, (dy, saved, attributes) => broadcastGradient(tf, stock, { dy, saved, attributes }));
  }
  const normalize = tf.getGradient('FusedBatchNorm').gradFunc;
  extendGradient(tf, 'FusedBatchNorm', (dy, saved, attributes) =>
    normalizationGradient(tf, normalize, { dy, saved, attributes }),
  );
}

/** Runs `extension` before the stock gradient of a kernel. */
function extendGradient(tf: Tf, kernelName: string, extension: Extension): void {
  const stock = tf.getGradient(kernelName);
  tf.unregisterGradient(kernelName);
  tf.registerGradient({
    ...stock,
    gradFunc: (dy, saved, attributes) => {
      const known = Array.isArray(dy) ? undefined : extension(dy, saved, attributes);
      return known ?? stock.gradFunc(dy, saved, attributes);
    },
  });
}

/** Repeats `dy` along the axes that a reduction of a tensor of this shape removed. */
function spread(tf: Tf, dy: Tensor, { shape, axis }: { shape: number[]; axis: number | number[] }): Tensor {
  const reduced = new Set(tf.util.parseAxisParam(axis, shape));
  const kept = shape.map((size, i) => (reduced.has(i) ? 1 : size));
  return tf.broadcastTo(tf.reshape(dy, kept), shape);
}

/**
 * Gradients of a dilated convolution: those of the undilated one whose filter has explicit zeros between its taps, with the
 * gradients of these zeros dropped. Undefined when the convolution is not dilated.
 */
function dilatedGradient(
  tf: Tf,
  stock: GradientFunction,
  { dy, saved, attributes }: Given,
): NamedGradientMap | undefined {
  const [x, filter] = saved as readonly Tensor4D[];
  const dilation = (attributes['dilations'] ?? [1, 1]) as number | Padded;
  const [down, across] = typeof dilation === 'number' ? [dilation, dilation] : dilation;
  if (x === undefined || filter === undefined || (down === 1 && across === 1)) return undefined;

  const [rows, columns, inputs, outputs] = filter.shape;
  const [height, width] = [(rows - 1) * down + 1, (columns - 1) * across + 1];
  const apart = tf.tidy(() => {
    const taps = tf.reshape(filter, [rows, 1, columns, 1, inputs * outputs]);
    const zeros = tf.pad(taps, [[...NONE], [0, down - 1], [...NONE], [0, across - 1], [...NONE]]);
    return tf.slice(
      tf.reshape(zeros, [rows * down, columns * across, inputs, outputs]),
      [0, 0, 0, 0],
      [height, width, inputs, outputs],
    );
  });
  const plain = stock(dy, [x, apart], { ...attributes, dilations: [1, 1] });
  return {
    ...plain,
    filter: () => {
      const gradient = plain['filter']?.();
      if (gradient === undefined)
        throw internalError('TensorFlow.js gives no gradient for the filter of a convolution.');
      return tf.stridedSlice(gradient, [0, 0, 0, 0], [height, width, inputs, outputs], [down, across, 1, 1]);
    },
  };
}
