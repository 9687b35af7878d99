import { DistillError } from '@distillation/api/errors';
import { entryOf, type Json } from '../../teacher/files/json.ts';
import { floats, type OnnxGraph, type Value } from '../graph.ts';
import { type Applied, alongAxes, elementwise } from './context.ts';
import type { Sample } from '../samples.ts';

type Compute = (graph: OnnxGraph, x: Value) => Value;

/** A number that is combined with every value. */
export const scalar = (graph: OnnxGraph, value: number): ReturnType<typeof floats> =>
  floats(`${graph.layer}/constant`, [], [value]);

const one =
  (op: string, attributes = {}): Compute =>
  (graph, x) =>
    graph.add(op, [x], attributes);

/** Functions of single values, by the names that TensorFlow.js has for them. */
const ELEMENTWISE: Readonly<Record<string, Compute>> = {
  linear: (_graph, x) => x,
  relu: one('Relu'),
  relu6: (graph, x) => graph.add('Clip', [x, scalar(graph, 0), scalar(graph, 6)]),
  elu: one('Elu'),
  selu: one('Selu'),
  sigmoid: one('Sigmoid'),
  tanh: one('Tanh'),
  softplus: one('Softplus'),
  softsign: one('Softsign'),
  hard_sigmoid: one('HardSigmoid', { alpha: { float: 0.2 }, beta: { float: 0.5 } }),
  swish: (graph, x) => graph.add('Mul', [x, graph.add('Sigmoid', [x])]),
  mish: (graph, x) => graph.add('Mul', [x, graph.add('Tanh', [graph.add('Softplus', [x])])]),
  // The form that ONNX Runtime recognises as one operation.
  gelu: (graph, x) => {
    const erf = graph.add('Erf', [graph.add('Div', [x, scalar(graph, Math.SQRT2)])]);
    const twice = graph.add('Mul', [x, graph.add('Add', [erf, scalar(graph, 1)])]);
    return graph.add('Mul', [twice, scalar(graph, 0.5)]);
  },
};

/** Functions of all values along the last axis of a sample. */
const LAST_AXIS: Readonly<Record<string, string>> = { softmax: 'Softmax', log_softmax: 'LogSoftmax' };

/** The layer's output with its activation. */
export function activated(
  layer: Applied,
  sample: Sample,
  activation: Json = layer.config['activation'] ?? 'linear',
): Sample {
  // TensorFlow.js writes names in either style.
  const name = typeof activation === 'string' ? activation.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`) : '';
  if (name === 'linear') return sample;
  const behind = { ...layer, inputs: [sample] as const };
  const compute = entryOf(ELEMENTWISE, name);
  if (compute !== undefined) return elementwise(behind, (x) => compute(layer.graph, x));
  const along = entryOf(LAST_AXIS, name);
  if (along === undefined) throw inexpressible(layer.graph.layer, `the activation ${JSON.stringify(activation)}`);
  return alongAxes(behind, (x, _form, axisOf) =>
    layer.graph.add(along, [x], { axis: axisOf(sample.shape.length - 1) }),
  );
}

/** The refusal of a layer that ONNX, or this writer, has no operation for. */
export function inexpressible(layer: string, what: string): DistillError {
  return new DistillError(
    'DISTILL_E_EXPORT_LAYER',
    `The layer ${JSON.stringify(layer)} has ${what}, which cannot be expressed in ONNX.`,
    { subject: layer },
  );
}
