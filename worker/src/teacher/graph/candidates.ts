import type { KeptLayer, LayerInfo, Shape3 } from '@distillation/api/plan';
import { DistillError } from '@distillation/api/errors';
import { matchesGlob } from '@distillation/api/glob';
import { sentences } from '@distillation/api/sentences';
import { LEFT_OUT, unmatchedPatterns } from '@distillation/api/unmatched';
import { kernelSize, modelCosts, nodeShapes, type SampleShape } from './costs.ts';
import { ancestors, applications, type GraphLayer, type GraphNode, isPreparation, type Network } from './graph.ts';
import type { JsonObject } from '../files/json.ts';
import { builtLayer } from './names.ts';

/** Which convolutions the user wants replaced: layer-name globs, `exclude` wins. */
interface CandidateFilter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

interface Convolutions {
  /** Layers that a block can replace, in the order of the network. */
  readonly candidates: readonly LayerInfo[];
  /** All other convolutions, with the reason why each is kept. */
  readonly kept: readonly KeptLayer[];
}

/**
 * Every convolution of the teacher, of whatever kind. Each Conv2D larger than 1x1 is a candidate (the paper, section III: "every
 * convolution except 1x1"); each of the others is listed with a reason.
 */
export function listConvolutions(teacher: Network, filter: CandidateFilter): Convolutions {
  const { graph } = teacher;
  const costs = modelCosts(teacher);
  const shapes = nodeShapes(teacher);
  const order = [...applications(graph).keys()];
  const candidates: LayerInfo[] = [];
  const kept: KeptLayer[] = [];
  for (const [name, nodes] of applications(graph)) {
    const layer = graph.layers.get(name);
    const [node] = nodes;
    if (layer === undefined || node === undefined || !isConvolution(layer)) continue;
    const info: LayerInfo = {
      ...geometry(layer, node, shapes),
      name,
      className: layer.className,
      params: builtLayer(teacher, name).countParams(),
      macs: costs.layers.find((cost) => cost.name === name)?.macs ?? 0,
      depth: order.indexOf(name),
      prefixMacs: [...ancestors(graph, [node.id])].reduce((total, id) => total + (costs.nodeMacs.get(id) ?? 0), 0),
    };
    const reason = reasonToKeep(layer, nodes) ?? filterReason(name, filter);
    if (reason === undefined) candidates.push(info);
    else kept.push({ layer: info, reason });
  }
  return { candidates, kept };
}

/** As `listConvolutions`, for a job that needs at least one candidate. @throws DISTILL_E_NO_CANDIDATE with the reasons. */
export function requireCandidates(teacher: Network, filter: CandidateFilter): Convolutions {
  const found = listConvolutions(teacher, filter);
  if (found.candidates.length > 0) return found;
  const all = found.kept.map(({ layer }) => layer.name);
  throw new DistillError(
    'DISTILL_E_NO_CANDIDATE',
    all.length === 0
      ? 'The teacher has no convolution.'
      : sentences(
          `No convolution of the teacher can be replaced: ${reasonsText(found.kept)}.`,
          ...unmatchedPatterns(filter, { blocks: all, kept: [] }),
        ),
  );
}

/** Each reason once, with the first of the layers it applies to: "conv2 and 35 more: 1x1 kernel: nothing to separate". */
export function reasonsText(kept: readonly KeptLayer[]): string {
  const byReason = new Map<string, string[]>();
  for (const { layer, reason } of kept) byReason.set(reason, [...(byReason.get(reason) ?? []), layer.name]);
  return [...byReason]
    .map(([reason, [first = '', ...others]]) =>
      others.length === 0 ? `${first}: ${reason}` : `${first} and ${others.length} more: ${reason}`,
    )
    .join('; ');
}

function isConvolution(layer: GraphLayer): boolean {
  // A Normalization that was rewritten as a convolution (lower.ts) is not one to the user.
  return !isPreparation(layer) && /Conv(1D|2D|3D|2DTranspose)$/.test(layer.className);
}

/** Why a block cannot replace a convolution of this kind; undefined when it can. */
function reasonToKeep(layer: GraphLayer, nodes: readonly GraphNode[]): string | undefined {
  const { className, config } = layer;
  if (className === 'DepthwiseConv2D' || className === 'SeparableConv2D') return 'depthwise convolution, already cheap';
  if (layer.origin !== undefined && className !== 'Conv2DTranspose') return `grouped convolution (${layer.origin})`;
  if (className !== 'Conv2D') return `${className}: only Conv2D has a replacement`;
  if (kernelSize(config['kernel_size'], 2).every((size) => size === 1)) return '1x1 kernel: nothing to separate';
  if (config['data_format'] === 'channels_first') return 'channels_first data format';
  if (nodes.length > 1) return `shared: applied ${nodes.length} times, so that no one input and output define it`;
  return undefined;
}

function filterReason(name: string, { include, exclude }: CandidateFilter): string | undefined {
  if (matchesGlob(name, exclude)) return LEFT_OUT.excluded;
  return matchesGlob(name, include) ? undefined : LEFT_OUT.notIncluded;
}

function geometry(
  layer: GraphLayer,
  node: GraphNode,
  shapes: ReadonlyMap<string, SampleShape>,
): Pick<LayerInfo, 'kernel' | 'strides' | 'padding' | 'dilation' | 'activation' | 'inputShape' | 'outputShape'> {
  const { config } = layer;
  return {
    kernel: pair(config, 'kernel_size'),
    strides: pair(config, 'strides'),
    padding: config['padding'] === 'same' ? 'same' : 'valid',
    dilation: pair(config, 'dilation_rate'),
    activation: typeof config['activation'] === 'string' ? config['activation'] : 'linear',
    inputShape: imageShape(shapes.get(node.inputs[0] ?? '')),
    outputShape: imageShape(shapes.get(node.id)),
  };
}

function pair(config: JsonObject, key: string): readonly [number, number] {
  const [height = 1, width = height] = kernelSize(config[key], 2);
  return [height, width];
}

/** [height, width, channels]; a Conv1D's missing height is 1. */
function imageShape(shape: SampleShape = []): Shape3 {
  const [channels = 1, width = 1, height = 1] = shape.toReversed();
  return [height, width, channels];
}
