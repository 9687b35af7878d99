import { isArray, numbersOf } from '../../teacher/files/json.ts';
import { spread } from '../../teacher/layers/shapes.ts';
import { floats, integers } from '../graph.ts';
import { formOf, inForm, reshape } from '../samples.ts';
import { type Applied, imageForm, sampleOf, type Translate } from './context.ts';

/** Layers that arrange values anew, without arithmetic. */

const flatten: Translate = ({ graph, inputs: [input], config, shape }) => {
  if (input.shape.length === 1) return input;
  const first = config['data_format'] === 'channels_first';
  // With the channels first, Keras moves them to the end before it flattens: that is the order of this form again.
  if (first) {
    const image = [...input.shape.slice(1), input.shape[0] ?? 1];
    return { ...sampleOf(shape, 'moved', reshape(graph, inForm(graph, input, 'plain'), shape)), image };
  }
  const form = formOf(input);
  const flat = sampleOf(shape, form, reshape(graph, inForm(graph, input, form), shape));
  return form === 'moved' ? { ...flat, image: input.shape } : flat;
};

const reshaped: Translate = ({ graph, inputs: [input], shape }) =>
  sampleOf(shape, 'plain', reshape(graph, inForm(graph, input, 'plain'), shape));

const permute: Translate = ({ graph, inputs: [input], config, shape }) => {
  const dims = numbersOf(config['dims']) ?? [];
  return sampleOf(shape, 'plain', graph.add('Transpose', [inForm(graph, input, 'plain')], { perm: [0, ...dims] }));
};

/** What a border adds or takes at the start and at the end of each spatial axis. */
function borders({ config, shape }: Applied, key: string): { starts: number[]; ends: number[] } {
  const value = config[key] ?? (key === 'padding' ? 1 : 0);
  const sides = Array.from(
    { length: shape.length - 1 },
    (_, i) => numbersOf(isArray(value) ? (value[i] ?? 0) : value) ?? [],
  );
  return { starts: sides.map(([start = 0]) => start), ends: sides.map(([start = 0, end = start]) => end) };
}

const zeroPadding: Translate = (layer) => {
  const { graph, inputs, config, shape } = layer;
  const form = imageForm(config);
  const { starts, ends } = borders(layer, 'padding');
  const pads = integers(`${graph.layer}/pads`, [0, 0, ...starts, 0, 0, ...ends]);
  const zero = floats(`${graph.layer}/zero`, [], [0]);
  return sampleOf(shape, form, graph.add('Pad', [inForm(graph, inputs[0], form), pads, zero], { mode: 'constant' }));
};

const cropping: Translate = (layer) => {
  const { graph, inputs, config, shape } = layer;
  const form = imageForm(config);
  const { starts, ends } = borders(layer, 'cropping');
  const input = inputs[0].shape;
  const sizes = form === 'plain' ? input.slice(1) : input.slice(0, -1);
  const axes = sizes.map((_, i) => i + 2);
  const constant = (name: string, values: number[]): ReturnType<typeof integers> =>
    integers(`${graph.layer}/${name}`, values);
  const cut = [
    constant('starts', starts),
    constant(
      'ends',
      sizes.map((size, i) => size - (ends[i] ?? 0)),
    ),
    constant('axes', axes),
  ];
  return sampleOf(shape, form, graph.add('Slice', [inForm(graph, inputs[0], form), ...cut]));
};

/** As TensorFlow.js resizes: from the corners of pixels. */
const upSampling: Translate = ({ graph, inputs, config, shape }) => {
  const form = imageForm(config);
  const scales = floats(
    `${graph.layer}/scales`,
    [shape.length + 1],
    [1, 1, ...spread(config['size'] ?? 2, shape.length - 1)],
  );
  const mode = config['interpolation'] === 'bilinear' ? 'linear' : 'nearest';
  const attributes = { mode, coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
  return sampleOf(shape, form, graph.add('Resize', [inForm(graph, inputs[0], form), undefined, scales], attributes));
};

export const ARRANGEMENTS: Readonly<Record<string, Translate>> = {
  Flatten: flatten,
  Reshape: reshaped,
  Permute: permute,
  ZeroPadding2D: zeroPadding,
  Cropping2D: cropping,
  UpSampling2D: upSampling,
};
