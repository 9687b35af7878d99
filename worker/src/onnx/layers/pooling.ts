import { type Shape, spread } from '../../teacher/layers/shapes.ts';
import type { OnnxNode } from '../graph.ts';
import { inForm } from '../samples.ts';
import { type Applied, imageForm, sampleOf, type Translate } from './context.ts';
import { windowOf } from './convolutions.ts';

const poolStrides = ({ config }: Applied, kernel: Shape): Shape =>
  config['strides'] === undefined || config['strides'] === null ? kernel : spread(config['strides'], kernel.length);

/**
 * Padding by numbers is the last resort: ONNX Runtime adds those of a Pad in front to them, and then refuses what is more than the
 * window; and it computes negative ones for `SAME_UPPER` where a stride is larger than the window.
 */
function strideAndPadding(layer: Applied, kernel: Shape): OnnxNode['attributes'] {
  const strides = poolStrides(layer, kernel);
  const { pads } = windowOf(layer, kernel, strides);
  if (pads.every((size) => size === 0)) return { strides, auto_pad: 'VALID' };
  if (strides.every((stride, i) => stride <= (kernel[i] ?? 1))) return { strides, auto_pad: 'SAME_UPPER' };
  return { strides, pads };
}

const pool =
  (op: 'MaxPool' | 'AveragePool'): Translate =>
  (layer) => {
    const { graph, inputs, config, shape } = layer;
    const form = imageForm(config);
    const kernel = spread(config['pool_size'] ?? 2, shape.length - 1);
    const attributes = { kernel_shape: kernel, ...strideAndPadding(layer, kernel) };
    const x = inForm(graph, inputs[0], form);
    return sampleOf(shape, form, graph.add(op, [x], attributes));
  };

const globalPool =
  (op: 'GlobalMaxPool' | 'GlobalAveragePool'): Translate =>
  ({ graph, inputs, config, shape }) => {
    const pooled = graph.add(op, [inForm(graph, inputs[0], imageForm(config))]);
    return sampleOf(shape, 'plain', graph.add('Flatten', [pooled], { axis: 1 }));
  };

export const POOLING: Readonly<Record<string, Translate>> = {
  MaxPooling2D: pool('MaxPool'),
  AveragePooling2D: pool('AveragePool'),
  GlobalMaxPooling2D: globalPool('GlobalMaxPool'),
  GlobalAveragePooling2D: globalPool('GlobalAveragePool'),
};
