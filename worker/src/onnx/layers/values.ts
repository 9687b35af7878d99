import { isArray, type Json, numbersOf } from '../../teacher/files/json.ts';
import { axisOf } from '../../teacher/layers/shapes.ts';
import { type Constant, floats } from '../graph.ts';
import { constantInForm, type Sample } from '../samples.ts';
import { activated, inexpressible, scalar } from './activations.ts';
import { type Applied, alongAxes, elementwise, type Translate } from './context.ts';
import { need } from './convolutions.ts';

/** Layers that keep the shape of their input. */

const numberIn = (value: Json | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

const reluLayer: Translate = (layer) => {
  const { graph, config } = layer;
  const { max_value: max } = config;
  return elementwise(layer, (x) =>
    typeof max === 'number' ? graph.add('Clip', [x, scalar(graph, 0), scalar(graph, max)]) : graph.add('Relu', [x]),
  );
};

const withAlpha =
  (op: string, otherwise: number): Translate =>
  (layer) =>
    elementwise(layer, (x) =>
      layer.graph.add(op, [x], { alpha: { float: numberIn(layer.config['alpha'], otherwise) } }),
    );

const prelu: Translate = (layer) =>
  alongAxes(layer, (x, form) => {
    const { shape, data } = need(layer, 'alpha');
    const slope = layer.once(`alpha/${form}`, () =>
      constantInForm(form, floats(`${layer.graph.layer}/alpha`, shape, data)),
    );
    return layer.graph.add('PRelu', [x, slope]);
  });

const rescaling: Translate = (layer) => {
  const { graph, config } = layer;
  for (const key of ['scale', 'offset']) if (isArray(config[key])) throw inexpressible(graph.layer, `a list as ${key}`);
  const [scale, offset] = [numberIn(config['scale'], 1), numberIn(config['offset'], 0)];
  return elementwise(layer, (x) => {
    const scaled = scale === 1 ? x : graph.add('Mul', [x, scalar(graph, scale)]);
    return offset === 0 ? scaled : graph.add('Add', [scaled, scalar(graph, offset)]);
  });
};

/** Along one axis, or along several together: exp(x - max) divided by its sum. */
const softmax: Translate = (layer) => {
  const { graph, config, shape } = layer;
  const axes = (numbersOf(config['axis'] ?? -1) ?? [-1]).map((axis) => axisOf(axis, shape.length));
  return alongAxes(layer, (x, _form, axisIndex) => {
    const [axis = 0, ...others] = axes.map(axisIndex);
    if (others.length === 0) return graph.add('Softmax', [x], { axis });
    const all = [axis, ...others];
    const shifted = graph.add('Sub', [x, graph.add('ReduceMax', [x], { axes: all, keepdims: 1 })]);
    const exponential = graph.add('Exp', [shifted]);
    // Its terms are positive; unlike ReduceSum, ReduceL1 has its axes as an attribute in opset 17.
    return graph.add('Div', [exponential, graph.add('ReduceL1', [exponential], { axes: all, keepdims: 1 })]);
  });
};

/** Output = input x scale + offset along one axis, in doubles. */
interface Affine {
  readonly scale: Float64Array;
  readonly offset: Float64Array;
}

function affineOf({ weight, config, graph }: Applied): Affine {
  const variance = weight('moving_variance')?.data ?? new Float32Array();
  const [mean, gamma, beta] = ['moving_mean', 'gamma', 'beta'].map((name) => weight(name)?.data);
  if (mean === undefined) throw inexpressible(graph.layer, 'no moving averages');
  const epsilon = numberIn(config['epsilon'], 1e-3);
  const scale = Float64Array.from(variance, (value, i) => (gamma?.[i] ?? 1) / Math.sqrt(value + epsilon));
  return { scale, offset: scale.map((factor, i) => (beta?.[i] ?? 0) - (mean[i] ?? 0) * factor) };
}

/** Folded into the convolution or dense layer before it where that has no other consumer; otherwise an operation of its own. */
const batchNormalization: Translate = (layer) => {
  const { graph, config, inputs, shape } = layer;
  const [input] = inputs;
  const axis = axisOf(config['axis'] ?? -1, shape.length);
  const affine = affineOf(layer);
  if (input.fold?.axis === axis) return folded(layer, affine);
  return alongAxes(layer, (x, form, axisIndex) => {
    const hint = (name: string): string => `${graph.layer}/${name}`;
    const length = affine.scale.length;
    if (axisIndex(axis) === 1) {
      const constant = (name: string, data: Iterable<number>): Constant =>
        layer.once(name, () => floats(hint(name), [length], data));
      const ones = new Float32Array(length).fill(1);
      const constants = [
        constant('scale', affine.scale),
        constant('offset', affine.offset),
        constant('mean', new Float32Array(length)),
        constant('variance', ones),
      ];
      return graph.add('BatchNormalization', [x, ...constants], { epsilon: { float: 0 } });
    }
    const dims = shape.map((_, i) => (i === axis ? length : 1));
    const spreadOut = (name: string, data: Iterable<number>): Constant =>
      layer.once(`${name}/${form}`, () => constantInForm(form, floats(hint(name), dims, data)));
    const scaled = graph.add('Mul', [x, spreadOut('scale', affine.scale)]);
    return graph.add('Add', [scaled, spreadOut('offset', affine.offset)]);
  });
};

function folded({ inputs: [input], graph }: Applied, { scale, offset }: Affine): Sample {
  const { fold, ...sample } = input;
  if (fold === undefined) return input;
  const { node, kernelAxis } = fold;
  const [x, kernel, bias] = node.inputs;
  if (kernel === undefined || !('data' in kernel)) return input;
  const stride = kernel.dims.slice(kernelAxis + 1).reduce((product, size) => product * size, 1);
  const channels = scale.length;
  const values = kernel.data as Float32Array;
  const scaled = Float32Array.from(values, (value, i) => value * (scale[Math.floor(i / stride) % channels] ?? 1));
  const before = bias !== undefined && 'data' in bias ? (bias.data as Float32Array) : undefined;
  const moved = Float32Array.from(offset, (value, i) => (before?.[i] ?? 0) * (scale[i] ?? 1) + value);
  node.inputs = [x, floats(kernel.hint, kernel.dims, scaled), floats(`${graph.layer}/offset`, [channels], moved)];
  return sample;
}

export const VALUES: Readonly<Record<string, Translate>> = {
  Activation: (layer) => activated(layer, layer.inputs[0]),
  ReLU: reluLayer,
  LeakyReLU: withAlpha('LeakyRelu', 0.3),
  ELU: withAlpha('Elu', 1),
  PReLU: prelu,
  Softmax: softmax,
  Rescaling: rescaling,
  BatchNormalization: batchNormalization,
  Dropout: ({ inputs: [input] }) => input,
};
