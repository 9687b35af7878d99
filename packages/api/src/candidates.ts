import type { Architecture, BlocksSpec } from './job.ts';
import type { LayerInfo } from './formats/plan.ts';
import { DEPENDENT_DEFAULTS } from './schema/dependent-defaults.ts';
import { LAYER_KINDS, type LayerKind } from './words.ts';

/** One kind of replacement that a job considers for each layer. */
export interface Candidate {
  readonly architecture: Architecture;
  /** Of low-rank blocks: the share of the channels that is kept, a decimal. */
  readonly ratio?: string;
}

const withRatio = ({ architecture, ratio }: Candidate): Candidate =>
  architecture === 'LowRank' ? { architecture, ratio: ratio ?? DEPENDENT_DEFAULTS.ratio } : { architecture };

/** The replacements that a job considers for each layer, with their defaults, in the order of the manifest. */
export function candidatesOf({
  architecture = DEPENDENT_DEFAULTS.architecture,
  ratio,
  candidates,
}: Pick<BlocksSpec, 'architecture' | 'ratio' | 'candidates'>): Candidate[] {
  return (candidates ?? [{ architecture, ...(ratio !== undefined && { ratio }) }]).map(withRatio);
}

/** A candidate in a block's name and in texts, such as `LowRank-0.25`. */
export const candidateName = ({ architecture, ratio }: Candidate): string =>
  ratio === undefined ? architecture : `${architecture}-${ratio}`;

/**
 * Name of the block by which a candidate would replace a layer. Where a job considers one candidate, a block has its layer's name;
 * where it considers several, all names end in the candidate's, so that no two are alike.
 */
export const blockName = (layer: string, candidate: Candidate, candidates: readonly Candidate[]): string =>
  candidates.length === 1 ? layer : `${layer}@${candidateName(candidate)}`;

/** What a job says of the kinds of layers that it replaces. */
export interface LayerKinds {
  readonly layers?: readonly LayerKind[];
}

/** The kinds of layers that a job replaces, each once and in a fixed order. */
export const layerKindsOf = ({ layers = ['Convolution'] }: LayerKinds): LayerKind[] =>
  LAYER_KINDS.filter((kind) => layers.includes(kind));

/** The kind of a layer that is a Conv2D or a Dense layer. */
export function layerKind({ className, kernel }: Pick<LayerInfo, 'className' | 'kernel'>): LayerKind {
  if (className === 'Dense') return 'Dense';
  return kernel.every((size) => size === 1) ? 'Pointwise' : 'Convolution';
}
