import type { KernelConfig, Rank, Tensor, Tensor4D } from '@tensorflow/tfjs';
import { extendKernel } from './kernels.ts';
import type { Tf } from './tf.ts';

type KernelFunction = KernelConfig['kernelFunc'];
type KernelCall = Parameters<KernelFunction>[0];
type ConvolutionInfo = ReturnType<Tf['backend_util']['computeConv2DInfo']>;

const BACKEND = 'wasm';
const installed = new WeakSet();

/**
 * Completes TensorFlow.js' WebAssembly backend for training: it lacks three kernels (the filter gradients of both convolutions, the
 * input gradient of the depthwise one), and two are slow (the dense input gradient, a scalar loop; the sum over batch and
 * positions). All are composed of its fast kernels. NHWC; any stride, padding and channel multiplier; dilation has been removed
 * before (gradients.ts). Installing twice is harmless.
 */
export function installWasmKernels(tf: Tf): void {
  if (installed.has(tf.engine())) return;
  installed.add(tf.engine());

  const register = (kernelName: string, kernelFunc: (call: KernelCall) => Tensor): void => {
    tf.registerKernel({ kernelName, backendName: BACKEND, kernelFunc: (call) => tf.tidy(() => kernelFunc(call)) });
  };
  register('Conv2DBackpropFilter', (call) => denseFilterGradient(tf, call));
  register('DepthwiseConv2dNativeBackpropFilter', (call) => depthwiseFilterGradient(tf, call));
  register('DepthwiseConv2dNativeBackpropInput', (call) => depthwiseInputGradient(tf, call));
  extendKernel(tf, { kernelName: 'Conv2DBackpropInput', backendName: BACKEND }, (call) => {
    return call.attrs?.['dataFormat'] === 'NCHW' ? undefined : tf.tidy(() => denseInputGradient(tf, call));
  });
  extendKernel(tf, { kernelName: 'Sum', backendName: BACKEND }, (call) => sumOverPlaces(tf, call));
}

/** The tensors with these names, and the geometry of the convolution whose gradient is computed. */
function read(
  tf: Tf,
  { inputs, attrs = {} }: KernelCall,
): { x: Tensor4D; dy: Tensor4D; filter: Tensor4D } & {
  geometry: (inputShape: number[], filterShape: number[], depthwise: boolean) => ConvolutionInfo;
} {
  const [x, dy, filter] = ['x', 'dy', 'filter'].map((name) => inputs[name]) as [Tensor4D, Tensor4D, Tensor4D];
  const strides = attrs['strides'] as [number, number];
  const pad = attrs['pad'] as 'same';
  return {
    x,
    dy,
    filter,
    geometry: (inputShape, filterShape, depthwise) =>
      tf.backend_util.computeConv2DInfo(
        inputShape as [number, number, number, number],
        filterShape as [number, number, number, number],
        strides,
        1,
        pad,
        attrs['dimRoundingMode'] as 'floor' | undefined,
        depthwise,
      ),
  };
}

/** x with the zeros that the convolution pads it with. */
function padded(tf: Tf, x: Tensor4D, { padInfo }: ConvolutionInfo): Tensor4D {
  const { top, bottom, left, right } = padInfo;
  if (top + bottom + left + right === 0) return x;
  return tf.pad4d(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
}

/** For each tap of the filter, the matrix product of the positions that it sees, transposed, with dy. */
function denseFilterGradient(tf: Tf, call: KernelCall): Tensor {
  const { x, dy, geometry } = read(tf, call);
  const info = geometry(x.shape, call.attrs?.['filterShape'] as number[], false);
  const { batchSize, outHeight, outWidth, inChannels, outChannels, strideHeight, strideWidth } = info;
  const places = batchSize * outHeight * outWidth;
  const errors = tf.reshape<Rank.R2>(dy, [places, outChannels]);
  const source = padded(tf, x, info);
  const taps: Tensor[] = [];
  for (let i = 0; i < info.filterHeight; i++) {
    for (let j = 0; j < info.filterWidth; j++) {
      const end = [batchSize, i + (outHeight - 1) * strideHeight + 1, j + (outWidth - 1) * strideWidth + 1, inChannels];
      const tap = tf.tidy(() => {
        const seen = tf.stridedSlice(source, [0, i, j, 0], end, [1, strideHeight, strideWidth, 1]);
        return tf.matMul(tf.transpose(tf.reshape(seen, [places, inChannels])), errors);
      });
      taps.push(tap);
    }
  }
  return tf.reshape(tf.stack(taps), [info.filterHeight, info.filterWidth, inChannels, outChannels]);
}

/**
 * One depthwise convolution of all images side by side (batch x channels as channels) with dy, dilated by the stride, as the
 * filter; then the sum over the batch.
 */
function depthwiseFilterGradient(tf: Tf, call: KernelCall): Tensor {
  const { x, dy, geometry } = read(tf, call);
  const info = geometry(x.shape, call.attrs?.['filterShape'] as number[], true);
  const { batchSize, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth } = info;
  const multiplier = outChannels / inChannels;
  const source = padded(tf, x, info);
  const [, height, width] = source.shape;
  // Each channel of an image is paired with each of its `multiplier` outputs.
  const repeated =
    multiplier === 1
      ? source
      : tf.reshape(tf.tile(tf.expandDims(source, 4), [1, 1, 1, 1, multiplier]), [
          batchSize,
          height,
          width,
          outChannels,
        ]);
  const side = (images: Tensor): Tensor => tf.transpose(images, [1, 2, 0, 3]);
  const wide = tf.reshape<Rank.R4>(side(repeated), [1, height, width, batchSize * outChannels]);
  const kernel = tf.reshape<Rank.R4>(side(dy), [outHeight, outWidth, batchSize * outChannels, 1]);
  const responses = tf.depthwiseConv2d(wide, kernel, 1, 'valid', 'NHWC', [info.strideHeight, info.strideWidth]);
  // With a stride, some rows and columns may be seen by no tap; their responses belong to no tap.
  const taps = tf.slice(responses, [0, 0, 0, 0], [1, filterHeight, filterWidth, batchSize * outChannels]);
  const sum = tf.sum(tf.reshape(taps, [filterHeight * filterWidth, batchSize, outChannels]), 1);
  return tf.reshape(sum, [filterHeight, filterWidth, inChannels, multiplier]);
}

/** dy dilated by the stride and padded so that a plain convolution with the flipped filter gives one value per position of x. */
function framed(tf: Tf, dy: Tensor4D, info: ConvolutionInfo): Tensor4D {
  const { batchSize: n, outHeight, outWidth, strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = info;
  const [, , , channels] = dy.shape;
  const frame = (size: number, before: number, inside: number): [number, number] => [before, size - before - inside];
  const [height, width] = [(outHeight - 1) * strideHeight + 1, (outWidth - 1) * strideWidth + 1];
  let spread = dy;
  if (strideHeight > 1 || strideWidth > 1) {
    const apart = tf.pad(tf.reshape(dy, [n * outHeight, 1, outWidth, channels]), [
      [0, 0],
      [0, strideHeight - 1],
      [0, 0],
      [0, 0],
    ]);
    const rows = outHeight * strideHeight;
    const both = tf.pad(tf.reshape(apart, [n * rows, outWidth, 1, channels]), [
      [0, 0],
      [0, 0],
      [0, strideWidth - 1],
      [0, 0],
    ]);
    spread = tf.slice(
      tf.reshape<Rank.R4>(both, [n, rows, outWidth * strideWidth, channels]),
      [0, 0, 0, 0],
      [n, height, width, channels],
    );
  }
  const rows = frame(info.inHeight + filterHeight - 1, filterHeight - 1 - padInfo.top, height);
  const columns = frame(info.inWidth + filterWidth - 1, filterWidth - 1 - padInfo.left, width);
  // Padding wider than the filter makes this padding negative: those positions saw nothing but zeros.
  const grow = ([before, after]: [number, number]): [number, number] => [Math.max(before, 0), Math.max(after, 0)];
  const grown = tf.pad4d(spread, [[0, 0], grow(rows), grow(columns), [0, 0]]);
  const begin = [0, Math.max(-rows[0], 0), Math.max(-columns[0], 0), 0] as [number, number, number, number];
  return tf.slice(grown, begin, [n, info.inHeight + filterHeight - 1, info.inWidth + filterWidth - 1, channels]);
}

function denseInputGradient(tf: Tf, call: KernelCall): Tensor {
  const { dy, filter, geometry } = read(tf, call);
  const info = geometry(call.attrs?.['inputShape'] as number[], filter.shape, false);
  const rotated = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  return tf.conv2d(framed(tf, dy, info), rotated, 1, 'valid');
}

function depthwiseInputGradient(tf: Tf, call: KernelCall): Tensor {
  const { dy, filter, geometry } = read(tf, call);
  const info = geometry(call.attrs?.['inputShape'] as number[], filter.shape, true);
  const { inChannels, filterHeight, filterWidth, outChannels } = info;
  const multiplier = outChannels / inChannels;
  const frame = framed(tf, dy, info);
  const rotated = tf.reverse(filter, [0, 1]);
  if (multiplier === 1) return tf.depthwiseConv2d(frame, rotated, 1, 'valid');
  const each = tf.depthwiseConv2d(frame, tf.reshape(rotated, [filterHeight, filterWidth, outChannels, 1]), 1, 'valid');
  return tf.sum(tf.reshape(each, [info.batchSize, info.inHeight, info.inWidth, inChannels, multiplier]), 4);
}

/** Sum over everything but the channels, from the averages of each image; undefined for any other sum. */
function sumOverPlaces(tf: Tf, { inputs, attrs }: KernelCall): Tensor | undefined {
  const x = inputs['x'];
  if (!isTensor(tf, x) || x.rank !== 4 || x.dtype !== 'float32' || x.size === 0 || attrs?.['keepDims'] === true)
    return undefined;
  const axes = tf.util.parseAxisParam(attrs?.['axis'] as number[], x.shape);
  const [batch, height, width, channels] = (x as Tensor4D).shape;
  if (axes.length !== 3 || axes.includes(3) || height * width === 1) return undefined;
  return tf.tidy(() => {
    const averages = tf.avgPool(x as Tensor4D, [height, width], 1, 'valid');
    return tf.mul(tf.sum(tf.reshape(averages, [batch, channels]), 0), height * width);
  });
}

/** Kernels that call one another pass plain descriptions of tensors, which have no methods. */
function isTensor(tf: Tf, value: unknown): value is Tensor {
  return value instanceof tf.Tensor;
}
