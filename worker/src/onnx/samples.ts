import { internalError } from '@distillation/api/errors';
import { floats, integers, type Constant, type OnnxGraph, type OnnxNode, type Value } from './graph.ts';
import type { Shape } from '../teacher/layers/shapes.ts';

/**
 * Outputs of layers in an ONNX graph. Keras keeps the channels of an image last, ONNX' convolutions take them first, so an output
 * exists in one of two forms and is transposed only when a layer needs the other: `plain` is [batch, ...shape] in the order of
 * Keras, `moved` has the last axis of the sample in front of its other ones. The flattened output of an image in the form `moved`
 * has the same name; a dense layer takes it as it is, with its kernel's rows in that order.
 */
export interface Sample {
  /** Shape in Keras, without the batch. */
  readonly shape: Shape;
  plain?: Value;
  moved?: Value;
  /** Of a flattened output in the form `moved`: the shape in Keras of the image that was flattened. */
  readonly image?: Shape;
  /** The convolution or dense layer that computes it, into which a batch normalisation behind it can be folded. */
  fold?: Folding | undefined;
}

export type Form = 'plain' | 'moved';

interface Folding {
  readonly node: OnnxNode;
  /** Axis of the kernel that holds the layer's output channels. */
  readonly kernelAxis: number;
  /** Axis of the sample that holds them. */
  readonly axis: number;
}

/** The form in which an output exists already. */
export const formOf = (sample: Sample): Form => (sample.moved === undefined ? 'plain' : 'moved');

/** Index in ONNX of an axis of a sample of this rank. */
export function axisIn(form: Form, axis: number, rank: number): number {
  if (form === 'plain') return axis + 1;
  return axis === rank - 1 ? 1 : axis + 2;
}

/** An order of a sample's axes with the last one in front. */
export function movedShape(shape: Shape): Shape {
  return [...shape.slice(-1), ...shape.slice(0, -1)];
}

/** The output in a form; it is converted at most once. */
export function inForm(graph: OnnxGraph, sample: Sample, form: Form): Value {
  const there = sample[form];
  if (there !== undefined) return there;
  const made = form === 'plain' ? toPlain(graph, sample) : toMoved(graph, sample);
  sample[form] = made;
  return made;
}

function toPlain(graph: OnnxGraph, { shape, moved, image }: Sample): Value {
  if (moved === undefined) throw internalError('An output has no form.');
  if (image !== undefined) {
    if (isOneRun(image)) return moved;
    const unflattened = reshape(graph, moved, movedShape(image));
    const back = graph.add('Transpose', [unflattened], { perm: backwards(image.length) });
    return reshape(graph, back, shape);
  }
  if (isOneRun(shape)) return reshape(graph, moved, shape);
  return graph.add('Transpose', [moved], { perm: backwards(shape.length) });
}

function toMoved(graph: OnnxGraph, { shape, plain }: Sample): Value {
  if (plain === undefined) throw internalError('An output has no form.');
  if (shape.length === 1) return plain;
  if (isOneRun(shape)) return reshape(graph, plain, movedShape(shape));
  const perm = [0, shape.length, ...Array.from({ length: shape.length - 1 }, (_, i) => i + 1)];
  return graph.add('Transpose', [plain], { perm });
}

const backwards = (rank: number): number[] => [0, ...Array.from({ length: rank - 1 }, (_, i) => i + 2), 1];

/** Whether both forms have their values in the same order: there is one channel, or one place. */
function isOneRun(shape: Shape): boolean {
  return shape.at(-1) === 1 || shape.slice(0, -1).every((size) => size === 1);
}

/** The value with another shape behind the batch. */
export function reshape(graph: OnnxGraph, value: Value, shape: Shape): Value {
  return graph.add('Reshape', [value, integers(`${graph.layer}/shape`, [0, ...shape])]);
}

/** A constant that is combined with samples of the same rank, such as one slope for each place or channel. */
export function constantInForm(form: Form, constant: Constant): Constant {
  const { dims, data, hint } = constant;
  if (form === 'plain' || dims.length < 2 || !(data instanceof Float32Array)) return constant;
  const channels = dims.at(-1) ?? 1;
  return floats(hint, movedShape(dims), rowsToColumns(data, channels));
}

/** A matrix of this many columns, transposed. */
export function rowsToColumns(data: Float32Array, columns: number): Float32Array {
  const rows = data.length / columns;
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = data[row * columns + column] ?? 0;
  }
  return result;
}
