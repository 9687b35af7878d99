import type { JsonObject } from '../../teacher/files/json.ts';
import type { Shape } from '../../teacher/layers/shapes.ts';
import type { Constant, OnnxGraph, Value } from '../graph.ts';
import { axisIn, type Form, formOf, inForm, type Sample } from '../samples.ts';

/** A layer of the network, in its place. */
export interface Applied {
  readonly graph: OnnxGraph;
  readonly className: string;
  readonly config: JsonObject;
  readonly inputs: readonly [Sample, ...Sample[]];
  /** Shape of its output in Keras, without the batch. */
  readonly shape: Shape;
  /** A weight by its name in the layer; undefined when the layer has none of this name. */
  readonly weight: (name: string) => LayerWeight | undefined;
  /** A constant that is in the file once, however often the layer is applied. */
  readonly once: (name: string, make: () => Constant) => Constant;
}

export interface LayerWeight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Translate = (layer: Applied) => Sample;

/** An output in one form. */
export const sampleOf = (shape: Shape, form: Form, value: Value): Sample => ({ shape, [form]: value });

/** A layer that treats every value alike: it works on the form in which its input exists. */
export function elementwise({ graph, inputs: [input] }: Applied, compute: (x: Value) => Value): Sample {
  const form = formOf(input);
  const { image } = input;
  return { ...sampleOf(input.shape, form, compute(inForm(graph, input, form))), ...(image !== undefined && { image }) };
}

/** A layer that treats the axes of a sample differently; `axisOf` gives the index in ONNX of an axis of the sample. */
export function alongAxes(
  { graph, inputs: [input] }: Applied,
  compute: (x: Value, form: Form, axisOf: (axis: number) => number) => Value,
): Sample {
  const form = input.image === undefined ? formOf(input) : 'plain';
  const value = inForm(graph, input, form);
  return sampleOf(
    input.shape,
    form,
    compute(value, form, (axis) => axisIn(form, axis, input.shape.length)),
  );
}

/** The form in which convolutions and pooling take images in this layout: channels first. */
export const imageForm = (config: JsonObject): Form => (config['data_format'] === 'channels_first' ? 'plain' : 'moved');

/** The spatial sizes of an image in this layout. */
export const spatialOf = (config: JsonObject, shape: Shape): Shape =>
  config['data_format'] === 'channels_first' ? shape.slice(1) : shape.slice(0, -1);
