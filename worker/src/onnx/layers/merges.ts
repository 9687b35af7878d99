import { axisOf } from '../../teacher/layers/shapes.ts';
import type { Value } from '../graph.ts';
import { axisIn, type Form, formOf, inForm, reshape } from '../samples.ts';
import { type Applied, sampleOf, type Translate } from './context.ts';

/** Layers of several inputs. */

/** The value of an input, in the form that is cheapest for all of them. */
function together({ graph, inputs, shape }: Applied): { form: Form; values: Value[] } {
  const form = shape.length > 1 && inputs.some((input) => formOf(input) === 'moved') ? 'moved' : 'plain';
  const rank = shape.length;
  const values = inputs.map((input) => {
    if (input.shape.length === rank) return inForm(graph, input, form);
    const padded = [...Array.from({ length: rank - input.shape.length }, () => 1), ...input.shape];
    const plain = reshape(graph, inForm(graph, input, 'plain'), padded);
    return inForm(graph, { shape: padded, plain }, form);
  });
  return { form, values };
}

const merge =
  (op: string, several: 'AtOnce' | 'InTurn'): Translate =>
  (layer) => {
    const { form, values } = together(layer);
    const value =
      several === 'AtOnce'
        ? layer.graph.add(op, values)
        : values.reduce((sum, next) => layer.graph.add(op, [sum, next]));
    return sampleOf(layer.shape, form, value);
  };

const concatenate: Translate = (layer) => {
  const { graph, config, shape } = layer;
  const { form, values } = together(layer);
  const axis = axisIn(form, axisOf(config['axis'] ?? -1, shape.length), shape.length);
  return sampleOf(shape, form, graph.add('Concat', values, { axis }));
};

export const MERGES: Readonly<Record<string, Translate>> = {
  Add: merge('Add', 'InTurn'),
  Multiply: merge('Mul', 'InTurn'),
  Average: merge('Mean', 'AtOnce'),
  Maximum: merge('Max', 'AtOnce'),
  Minimum: merge('Min', 'AtOnce'),
  Concatenate: concatenate,
};
