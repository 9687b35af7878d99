import { internalError } from '@distillation/api/errors';
import { type Shape, spread } from '../../teacher/layers/shapes.ts';
import { type Constant, floats, type OnnxNode, type Value } from '../graph.ts';
import { formOf, inForm, movedShape, rowsToColumns, type Sample } from '../samples.ts';
import { activated } from './activations.ts';
import { type Applied, imageForm, type LayerWeight, sampleOf, spatialOf, type Translate } from './context.ts';

/** Window of a convolution or a pooling, for each spatial axis. */
interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** All at the start of an axis, then all at its end. */
  readonly pads: readonly number[];
}

/** The window of a layer. TensorFlow pads more at the end of an axis when it cannot pad evenly. */
export function windowOf({ config, inputs: [input] }: Applied, kernel: readonly number[], strides?: Shape): Window {
  const sizes = spatialOf(config, input.shape);
  const rank = sizes.length;
  const steps = strides ?? spread(config['strides'] ?? 1, rank);
  const dilations = spread(config['dilation_rate'] ?? 1, rank);
  const totals = sizes.map((size, i) => {
    if (config['padding'] !== 'same') return 0;
    const step = steps[i] ?? 1;
    const reach = ((kernel[i] ?? 1) - 1) * (dilations[i] ?? 1) + 1;
    return Math.max((Math.ceil(size / step) - 1) * step + reach - size, 0);
  });
  const before = totals.map((total) => Math.floor(total / 2));
  return {
    kernel,
    strides: steps,
    dilations,
    pads: [...before, ...totals.map((total, i) => total - (before[i] ?? 0))],
  };
}

const attributesOf = ({ kernel, strides, dilations, pads }: Window): OnnxNode['attributes'] => ({
  kernel_shape: kernel,
  strides,
  dilations,
  pads,
});

/** A weight that the layer must have. */
export function need({ weight, graph }: Applied, name: string): LayerWeight {
  const found = weight(name);
  if (found === undefined) throw internalError(`The layer ${graph.layer} has no ${name}.`, { subject: graph.layer });
  return found;
}

export function bias({ weight, once, graph }: Applied): Constant | undefined {
  const found = weight('bias');
  return found && once('bias', () => floats(`${graph.layer}/bias`, found.shape, found.data));
}

const total = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** Kernels of TensorFlow, [...window, in, out], as ONNX has them: [out, in, ...window]. */
function outFirst(layer: Applied, name: string): Constant {
  return layer.once(name, () => {
    const { shape, data } = need(layer, name);
    const [out = 1, ins = 1] = [shape.at(-1), shape.at(-2)];
    const places = total(shape.slice(0, -2));
    // [place, in, out] to [out, place, in], and each of the `out` matrices to [in, place].
    const byOut = rowsToColumns(data, out);
    const kernel = new Float32Array(data.length);
    const size = places * ins;
    for (let i = 0; i < out; i++) kernel.set(rowsToColumns(byOut.subarray(i * size, (i + 1) * size), ins), i * size);
    return floats(`${layer.graph.layer}/${name}`, [out, ins, ...shape.slice(0, -2)], kernel);
  });
}

/** Depthwise kernels of TensorFlow, [...window, in, multiplier], as ONNX has them: [in x multiplier, 1, ...window]. */
function depthwiseKernel(layer: Applied): Constant {
  const name = 'depthwise_kernel';
  return layer.once(name, () => {
    const { shape, data } = need(layer, name);
    const filters = total(shape.slice(-2));
    return floats(`${layer.graph.layer}/${name}`, [filters, 1, ...shape.slice(0, -2)], rowsToColumns(data, filters));
  });
}

/** The layer's output, which a batch normalisation may still change, with its activation. */
function finished(layer: Applied, node: OnnxNode, kernelAxis = 0): Sample {
  const form = imageForm(layer.config);
  const axis = form === 'plain' ? 0 : layer.shape.length - 1;
  const sample: Sample = { ...sampleOf(layer.shape, form, node.output), fold: { node, kernelAxis, axis } };
  return activated(layer, sample);
}

export const convolution: Translate = (layer) => {
  const { graph, inputs, config } = layer;
  const kernel = outFirst(layer, 'kernel');
  const x = inForm(graph, inputs[0], imageForm(config));
  return finished(
    layer,
    graph.node('Conv', [x, kernel, bias(layer)], attributesOf(windowOf(layer, kernel.dims.slice(2)))),
  );
};

function depthwise(layer: Applied, offset: Constant | undefined): OnnxNode {
  const { graph, inputs, config } = layer;
  const kernel = depthwiseKernel(layer);
  const x = inForm(graph, inputs[0], imageForm(config));
  const group = need(layer, 'depthwise_kernel').shape.at(-2) ?? 1;
  return graph.node('Conv', [x, kernel, offset], { group, ...attributesOf(windowOf(layer, kernel.dims.slice(2))) });
}

export const depthwiseConvolution: Translate = (layer) => finished(layer, depthwise(layer, bias(layer)));

export const separableConvolution: Translate = (layer) => {
  const { output } = depthwise(layer, undefined);
  return finished(layer, layer.graph.node('Conv', [output, outFirst(layer, 'pointwise_kernel'), bias(layer)]));
};

export const transposedConvolution: Translate = (layer) => {
  const { graph, inputs, config } = layer;
  const { shape, data } = need(layer, 'kernel');
  const rank = shape.length - 2;
  const kernel = layer.once('kernel', () => {
    // [...window, out, in] to [in, out, ...window].
    const [ins = 1, out = 1] = [shape.at(-1), shape.at(-2)];
    const dims = [ins, out, ...shape.slice(0, -2)];
    return floats(`${graph.layer}/kernel`, dims, swapLeading(rowsToColumns(data, ins * out), [out, ins]));
  });
  const window = shape.slice(0, -2);
  const strides = spread(config['strides'] ?? 1, rank);
  // The gradient of a convolution: with 'same' the output is as large as stride x input, and what exceeds it is cut off.
  const rest = window.map((size, i) => size - (strides[i] ?? 1));
  const cut = rest.map((size) => (config['padding'] === 'same' ? Math.max(size, 0) : 0));
  const before = cut.map((size) => Math.floor(size / 2));
  const node = graph.node('ConvTranspose', [inForm(graph, inputs[0], imageForm(config)), kernel, bias(layer)], {
    kernel_shape: window,
    strides,
    pads: [...before, ...cut.map((size, i) => size - (before[i] ?? 0))],
    output_padding: rest.map((size) => Math.max(-size, 0)),
  });
  return finished(layer, node, 1);
};

/** [a, b, rest] to [b, a, rest]. */
function swapLeading(data: Float32Array, [a, b]: readonly [number, number]): Float32Array {
  const size = data.length / (a * b);
  const result = new Float32Array(data.length);
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      result.set(data.subarray((i * b + j) * size, (i * b + j + 1) * size), (j * a + i) * size);
    }
  }
  return result;
}

/** A dense layer: of a vector a matrix product; of an image in the form that convolutions take a 1x1 convolution. */
export const dense: Translate = (layer) => {
  const { graph, inputs, shape, once } = layer;
  const [input] = inputs;
  const { shape: dims, data } = need(layer, 'kernel');
  const units = dims[1] ?? 1;
  if (input.shape.length > 1 && formOf(input) === 'moved') {
    const spatial = input.shape.slice(0, -1).map(() => 1);
    const kernel = once('kernel/pointwise', () =>
      floats(`${graph.layer}/kernel`, [units, dims[0] ?? 1, ...spatial], rowsToColumns(data, units)),
    );
    const node = graph.node('Conv', [inForm(graph, input, 'moved'), kernel, bias(layer)]);
    const fold = { node, kernelAxis: 0, axis: shape.length - 1 };
    return activated(layer, { ...sampleOf(shape, 'moved', node.output), fold });
  }
  if (input.shape.length > 1) {
    const kernel = once('kernel', () => floats(`${graph.layer}/kernel`, dims, data));
    const product = graph.add('MatMul', [inForm(graph, input, 'plain'), kernel]);
    const offset = bias(layer);
    const sum: Value = offset === undefined ? product : graph.add('Add', [product, offset]);
    return activated(layer, sampleOf(shape, 'plain', sum));
  }
  const { image, plain } = input;
  const reordered = plain === undefined && image !== undefined;
  const kernel = once(reordered ? `kernel/${image.join()}` : 'kernel', () =>
    floats(`${graph.layer}/kernel`, dims, reordered ? rowsMoved(data, { image, units }) : data),
  );
  const node = graph.node('Gemm', [inForm(graph, input, reordered ? 'moved' : 'plain'), kernel, bias(layer)]);
  return activated(layer, { ...sampleOf(shape, 'plain', node.output), fold: { node, kernelAxis: 1, axis: 0 } });
};

/** The rows of a dense layer's kernel in the order of a flattened image whose channels come first. */
function rowsMoved(
  data: Float32Array,
  { image, units }: { readonly image: Shape; readonly units: number },
): Float32Array {
  const [channels = 1, ...spatial] = movedShape(image);
  const places = total(spatial);
  const result = new Float32Array(data.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let place = 0; place < places; place++) {
      const from = (place * channels + channel) * units;
      result.set(data.subarray(from, from + units), (channel * places + place) * units);
    }
  }
  return result;
}
