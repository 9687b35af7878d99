import { internalError } from '@distillation/api/errors';
import type { PreprocessingSpec } from '@distillation/api/job';
import { layerWeights } from '../teacher/build.ts';
import { entryOf, numbersOf } from '../teacher/files/json.ts';
import { type Network } from '../teacher/graph/graph.ts';
import { outputShape } from '../teacher/layers/shapes.ts';
import { type Constant, OnnxGraph, toProto, type Value } from './graph.ts';
import { inexpressible } from './layers/activations.ts';
import { ARRANGEMENTS } from './layers/arrangements.ts';
import type { Translate } from './layers/context.ts';
import {
  convolution,
  dense,
  depthwiseConvolution,
  separableConvolution,
  transposedConvolution,
} from './layers/convolutions.ts';
import { MERGES } from './layers/merges.ts';
import { POOLING } from './layers/pooling.ts';
import { VALUES } from './layers/values.ts';
import { preparedPixels } from './pixels.ts';
import { encodeModel } from './proto.ts';
import { type Form, inForm, movedShape, type Sample } from './samples.ts';

/** The operator set: the first of ONNX 1.12; every runtime of the last years has it. */
const OPSET = 17;
/** Version of the file format that belongs to it. */
const IR_VERSION = 8;

const TRANSLATIONS: Readonly<Record<string, Translate>> = {
  Conv1D: convolution,
  Conv2D: convolution,
  Conv3D: convolution,
  Conv2DTranspose: transposedConvolution,
  DepthwiseConv2D: depthwiseConvolution,
  SeparableConv2D: separableConvolution,
  Dense: dense,
  ...POOLING,
  ...VALUES,
  ...MERGES,
  ...ARRANGEMENTS,
};

interface OnnxOptions {
  /** Name of the output: what it holds. */
  readonly output: string;
  readonly producerVersion: string;
  /** A sentence about the network. */
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The form of input and output; `moved` has the channels in front. `plain` when absent. */
  readonly form?: Form;
  /** Preparation of 8-bit pixels that becomes part of the network; absent, it takes prepared pixels. For the form `plain` alone. */
  readonly preprocessing?: PreprocessingSpec;
}

/** Name of the input. */
const ONNX_INPUT = 'images';

/**
 * The network as the bytes of a .onnx file: one input `images` of [batch, height, width, channels] floats, prepared as for the
 * network itself, or of 8-bit pixels where it has the preprocessing inside, and one output [batch, classes]. Batch normalisations are folded into the layers before them where these
 * have no other consumer. The bytes depend on network and options alone.
 * @throws DISTILL_E_EXPORT_LAYER naming a layer that cannot be expressed
 */
export function onnxModel(network: Network, options: OnnxOptions): Uint8Array<ArrayBuffer> {
  const { form = 'plain', preprocessing } = options;
  const { graph, entry, input, output } = onnxGraph(network, { form, ...(preprocessing && { preprocessing }) });
  const shapeOf = ({ shape }: Sample): readonly number[] => (form === 'plain' ? shape : movedShape(shape));
  const element = preprocessing === undefined ? 'float' : 'uint8';
  const ends = {
    input: { value: entry, name: ONNX_INPUT, element, shape: shapeOf(input) },
    output: { value: inForm(graph, output, form), name: options.output, element: 'float', shape: shapeOf(output) },
  } as const;
  return encodeModel({
    irVersion: IR_VERSION,
    producerName: 'distillation-operator',
    producerVersion: options.producerVersion,
    docString: options.description,
    graph: toProto(graph, network.graph.name, ends),
    opsetImport: [{ domain: '', version: OPSET }],
    metadataProps: Object.entries(options.metadata).map(([key, value]) => ({ key, value })),
  });
}

interface Translated {
  readonly graph: OnnxGraph;
  /** The graph's input. */
  readonly entry: Value;
  readonly input: Sample;
  readonly output: Sample;
}

/** The network's operations. @throws as `onnxModel` does */
export function onnxGraph(
  network: Network,
  { form = 'plain', preprocessing }: Pick<OnnxOptions, 'form' | 'preprocessing'> = {},
): Translated {
  const entry: Value = { hint: ONNX_INPUT };
  const graph = new OnnxGraph();
  const { graph: source } = network;
  const samples = new Map<string, Sample>();
  const consumers = new Map<string, number>();
  for (const { inputs } of source.nodes) for (const id of inputs) consumers.set(id, (consumers.get(id) ?? 0) + 1);
  const constants = new Map<string, Constant>();
  const sampleOf = (id: string): Sample => {
    const sample = samples.get(id);
    if (sample === undefined) throw internalError(`No value for the layer ${id}.`);
    return sample;
  };
  for (const { id, layer: name, inputs: ids } of source.nodes) {
    const layer = source.layers.get(name);
    if (layer === undefined) throw internalError(`Layer ${name} is applied and not defined.`);
    const { className, config } = layer;
    graph.layer = id;
    if (id === source.input) {
      const shape = numbersOf(network.model.inputs[0]?.shape.slice(1)) ?? [];
      const channels = shape.at(-1) ?? 1;
      const value = preprocessing === undefined ? entry : preparedPixels(graph, entry, { preprocessing, channels });
      samples.set(id, { shape, [form]: value });
      continue;
    }
    const [first, ...rest] = ids.map(sampleOf);
    const make = entryOf(TRANSLATIONS, className);
    if (make === undefined || first === undefined) throw inexpressible(name, `the class ${className}`);
    const shape = outputShape(className, config, [first.shape, ...rest.map((sample) => sample.shape)]);
    if (shape === undefined) throw internalError(`The layer ${name} does not fit its input.`, { subject: name });
    const weights = new Map(layerWeights(network, name).map((weight) => [weight.name, weight]));
    const once = (key: string, maker: () => Constant): Constant => {
      const found = constants.get(`${name} ${key}`) ?? maker();
      constants.set(`${name} ${key}`, found);
      return found;
    };
    const weight = (own: string) => weights.get(own);
    const sample = make({ graph, className, config, inputs: [first, ...rest], shape, weight, once });
    // Others than a batch normalisation see this output too.
    if (consumers.get(id) !== 1) sample.fold = undefined;
    samples.set(id, sample);
  }
  return { graph, entry, input: sampleOf(source.input), output: sampleOf(source.output) };
}
