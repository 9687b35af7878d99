import type { KeptLayer, LayerInfo, Shape3 } from '@distillation/api/plan';
import { layerKind, type LayerKinds, layerKindsOf } from '@distillation/api/candidates';
import type { LayerKind } from '@distillation/api/words';
import { DistillError } from '@distillation/api/errors';
import { matchesGlob } from '@distillation/api/glob';
import { sentences } from '@distillation/api/sentences';
import { LEFT_OUT, unmatchedPatterns } from '@distillation/api/unmatched';
import { kernelSize, modelCosts, nodeShapes, type SampleShape } from './costs.ts';
import { ancestors, applications, type GraphLayer, type GraphNode, isPreparation, type Network } from './graph.ts';
import type { JsonObject } from '../files/json.ts';
import { builtLayer } from './names.ts';
import { classScores } from './output.ts';

/** Which layers the user wants replaced: kinds (convolutions larger than 1x1 when absent) and layer-name globs; `exclude` wins. */
interface CandidateFilter extends LayerKinds {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

interface ListedLayers {
  /** Layers that a block can replace, in the order of the network. */
  readonly candidates: readonly LayerInfo[];
  /** All other convolutions, and dense layers where such are to be replaced, with the reason why each is kept. */
  readonly kept: readonly KeptLayer[];
}

/**
 * Every convolution of the teacher, of whatever kind, and every dense layer where the job replaces such. Those of the job's kinds are
 * candidates, by default each Conv2D larger than 1x1 (the paper, section III: "every convolution except 1x1"); each of the others is
 * listed with a reason.
 */
export function listLayers(teacher: Network, filter: CandidateFilter): ListedLayers {
  const kinds = layerKindsOf(filter);
  const scores = classScores(teacher.graph);
  const { graph } = teacher;
  const costs = modelCosts(teacher);
  const shapes = nodeShapes(teacher);
  const order = [...applications(graph).keys()];
  const candidates: LayerInfo[] = [];
  const kept: KeptLayer[] = [];
  for (const [name, nodes] of applications(graph)) {
    const layer = graph.layers.get(name);
    const [node] = nodes;
    if (layer === undefined || node === undefined || !isListed(layer, kinds)) continue;
    const before = [...ancestors(graph, [node.id])].map((id) => costs.nodes.get(id));
    const info: LayerInfo = {
      ...geometry(layer, node, shapes),
      name,
      className: layer.className,
      params: builtLayer(teacher, name).countParams(),
      macs: costs.layers.find((cost) => cost.name === name)?.macs ?? 0,
      depth: order.indexOf(name),
      prefixMacs: before.reduce((total, effort) => total + (effort?.macs ?? 0), 0),
      prefixElements: before.reduce((total, effort) => total + (effort?.elements ?? 0), 0),
    };
    const reason =
      reasonToKeep(layer) ??
      kindReason(layerKind(info), kinds) ??
      usageReason(layer, { nodes, scores, input: shapes.get(node.inputs[0] ?? '') }) ??
      filterReason(name, filter);
    if (reason === undefined) candidates.push(info);
    else kept.push({ layer: info, reason });
  }
  return { candidates, kept };
}

/** As `listLayers`, for a job that needs at least one candidate. @throws DISTILL_E_NO_CANDIDATE with the reasons. */
export function requireCandidates(teacher: Network, filter: CandidateFilter): ListedLayers {
  const found = listLayers(teacher, filter);
  if (found.candidates.length > 0) return found;
  const all = found.kept.map(({ layer }) => layer.name);
  const noun = layerKindsOf(filter).includes('Dense') ? 'convolution and no dense layer' : 'convolution';
  throw new DistillError(
    'DISTILL_E_NO_CANDIDATE',
    all.length === 0
      ? `The teacher has no ${noun}.`
      : sentences(
          `No ${noun} of the teacher can be replaced: ${reasonsText(found.kept)}.`,
          ...unmatchedPatterns(filter, { blocks: all, kept: [] }),
        ),
  );
}

/** Each reason once, with the first of the layers it applies to: "conv2 and 35 more: depthwise convolution, already cheap". */
export function reasonsText(kept: readonly KeptLayer[]): string {
  const byReason = new Map<string, string[]>();
  for (const { layer, reason } of kept) byReason.set(reason, [...(byReason.get(reason) ?? []), layer.name]);
  return [...byReason]
    .map(([reason, [first = '', ...others]]) =>
      others.length === 0 ? `${first}: ${reason}` : `${first} and ${others.length} more: ${reason}`,
    )
    .join('; ');
}

function isListed(layer: GraphLayer, kinds: readonly LayerKind[]): boolean {
  // A Normalization that was rewritten as a convolution (lower.ts) is not one to the user.
  if (isPreparation(layer)) return false;
  return layer.className === 'Dense' ? kinds.includes('Dense') : /Conv(1D|2D|3D|2DTranspose)$/.test(layer.className);
}

/** Why no block can replace a layer of this class; undefined when one can. */
function reasonToKeep({ className, config, origin }: GraphLayer): string | undefined {
  if (className === 'DepthwiseConv2D' || className === 'SeparableConv2D') return 'depthwise convolution, already cheap';
  if (origin !== undefined && className !== 'Conv2DTranspose') return `grouped convolution (${origin})`;
  if (className !== 'Conv2D' && className !== 'Dense') return `${className}: only Conv2D has a replacement`;
  return config['data_format'] === 'channels_first' ? 'channels_first data format' : undefined;
}

function kindReason(kind: LayerKind, kinds: readonly LayerKind[]): string | undefined {
  if (kinds.includes(kind)) return undefined;
  return `${kind === 'Pointwise' ? '1x1 convolution' : 'larger than 1x1'}, and spec.blocks.layers does not name ${kind}`;
}

/** Why a layer of a wanted kind cannot be replaced where it stands in the network; undefined when it can. */
function usageReason(
  layer: GraphLayer,
  {
    nodes,
    scores,
    input = [],
  }: { nodes: readonly GraphNode[]; scores: ReadonlySet<string>; input?: SampleShape | undefined },
): string | undefined {
  if (nodes.length > 1) return `shared: applied ${nodes.length} times, so that no one input and output define it`;
  if (layer.className === 'Dense' && input.length > 3) return `applied to values of ${input.length} dimensions`;
  // A share of the scores' directions would leave out classes.
  return scores.has(layer.name) ? 'gives the class scores' : undefined;
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

/** [height, width, channels]; a Conv1D's missing height is 1, and so are both of a vector. */
function imageShape(shape: SampleShape = []): Shape3 {
  const [channels = 1, width = 1, height = 1] = shape.toReversed();
  return [height, width, channels];
}
