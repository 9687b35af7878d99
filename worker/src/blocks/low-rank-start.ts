import { Matrix } from 'ml-matrix';
import { internalError } from '@distillation/api/errors';
import type { Weight } from '@distillation/ledger/tensors';
import { eigen, square } from './eigen.ts';
import type { BlockStructure } from './structure.ts';

/** Moments of what a convolution reads and gives, over all positions of some images; matrices row by row, in doubles. */
export interface ConvolutionMoments {
  readonly kind: 'Convolution';
  /** E[x xᵀ] of the input's channels: [in, in]. */
  readonly input: Float64Array;
  /** Mean of the output before the activation: [out]. */
  readonly outputMean: Float64Array;
  /** Covariance of the output before the activation: [out, out]. */
  readonly outputCovariance: Float64Array;
}

/** Weights of the replaced layer. */
export interface LayerWeights {
  /** [height, width, in, out]; of a dense layer [in, out]. */
  readonly kernel: Float32Array;
  /** [out]; absent, the layer has none. */
  readonly bias?: Float32Array;
}

/** What is added to the input's moment, relative to its mean diagonal, so that channels that are never active can be divided by. */
const RIDGE = 1e-6;

const leading = (matrix: Matrix, columns: number): Matrix => matrix.subMatrix(0, matrix.rows - 1, 0, columns - 1);

/** Decompositions of a layer's moments, which are the same for all its low-rank blocks. */
interface LayerStatistics {
  /** Square root of the input's moment, and its inverse. */
  readonly root: Matrix;
  readonly inverse: Matrix;
  /** Principal components of the output before the activation, in columns, the largest first. */
  readonly components: Matrix;
  readonly outputMean: Float64Array;
}

export function statisticsOf({ input, outputMean, outputCovariance }: ConvolutionMoments): LayerStatistics {
  const size = outputMean.length;
  return { ...rootsOf(input), components: eigen(square(outputCovariance, size)).vectors, outputMean };
}

function rootsOf(moment: Float64Array): Pick<LayerStatistics, 'root' | 'inverse'> {
  const size = Math.sqrt(moment.length);
  const matrix = square(moment, size);
  const ridge = RIDGE * (matrix.trace() / size);
  // Channels that are never active say nothing of what to keep.
  if (ridge === 0) return { root: Matrix.eye(size), inverse: Matrix.eye(size) };
  const { vectors, values } = eigen(matrix);
  const roots = values.map((value) => Math.sqrt(Math.max(value, 0) + ridge));
  const scaled = (scales: number[]): Matrix => vectors.clone().mulRowVector(scales).mmul(vectors.transpose());
  return { root: scaled(roots), inverse: scaled(roots.map((root) => 1 / root)) };
}

/**
 * The start of a low-rank block in closed form, from the kernel that it replaces and the statistics of its activations: the last 1x1
 * convolution holds the leading principal components P of the output before the activation; the first one projects onto what of the
 * input, weighted by its second moment C, the kernel sees most of: A = C^-½ U, with U the leading left singular vectors of
 * C^½ · (K·P) unfolded by input channel; the core is K·P seen through Uᵀ C^½. A bias restores the mean: m - P Pᵀ (m - b).
 * In doubles, so that it is the same to the bit on every worker.
 *
 * @param structure of the architecture LowRank; projections that it lacks keep all channels
 * @returns the weights, in the order of `blockWeights`
 */
export function lowRankStart(structure: BlockStructure, layer: LayerWeights, statistics: LayerStatistics): Weight[] {
  const named = new Map(structure.layers.map((each) => [each.name, each]));
  const core = named.get('core');
  if (core === undefined) throw internalError('The block is not a low-rank one.');
  const [reduce, expand] = [named.get('reduce'), named.get('expand')];
  const area = core.kernel[0] * core.kernel[1];
  const inputs = reduce?.inChannels ?? core.inChannels;
  const outputs = expand?.outChannels ?? core.outChannels;
  const [inRank, outRank] = [core.inChannels, core.outChannels];

  // K·P: [area * in, outRank].
  const kernel = new Matrix(
    Array.from({ length: area * inputs }, (_, row) => [...layer.kernel.subarray(row * outputs, (row + 1) * outputs)]),
  );
  const components = expand === undefined ? undefined : leading(statistics.components, outRank);
  const seen = components === undefined ? kernel : kernel.mmul(components);

  const weights: Weight[] = [];
  let contracted = seen;
  if (reduce !== undefined) {
    const { root, inverse } = statistics;
    // Unfolded by input channel: [in, area * outRank].
    const unfolded = Matrix.zeros(inputs, area * outRank);
    for (let at = 0; at < area; at++) {
      const part = seen.subMatrix(at * inputs, (at + 1) * inputs - 1, 0, outRank - 1);
      unfolded.setSubMatrix(root.mmul(part), 0, at * outRank);
    }
    const singular = leading(eigen(unfolded.mmul(unfolded.transpose())).vectors, inRank);
    const projected = singular.transpose().mmul(unfolded);
    contracted = Matrix.zeros(area * inRank, outRank);
    for (let at = 0; at < area; at++) {
      const part = projected.subMatrix(0, inRank - 1, at * outRank, (at + 1) * outRank - 1);
      contracted.setSubMatrix(part, at * inRank, 0);
    }
    weights.push({ name: 'reduce/kernel', shape: [1, 1, inputs, inRank], data: floats(inverse.mmul(singular)) });
  }
  weights.push({ name: 'core/kernel', shape: [...core.kernel, inRank, outRank], data: floats(contracted) });
  if (components !== undefined) {
    const data = floats(components.transpose());
    weights.push({ name: 'expand/kernel', shape: [1, 1, outRank, outputs], data });
  }
  const last = expand ?? core;
  if (last.bias)
    weights.push({ name: `${last.name}/bias`, shape: [outputs], data: biasOf(layer, statistics, components) });
  return weights;
}

const floats = (matrix: Matrix): Float32Array => Float32Array.from(matrix.to1DArray());

function biasOf(layer: LayerWeights, { outputMean }: LayerStatistics, components: Matrix | undefined): Float32Array {
  const bias = layer.bias ?? new Float32Array(outputMean.length);
  if (components === undefined) return bias;
  const centred = Matrix.columnVector([...outputMean].map((mean, i) => mean - (bias[i] ?? 0)));
  const kept = components.mmul(components.transpose().mmul(centred));
  return Float32Array.from(outputMean, (mean, i) => mean - kept.get(i, 0));
}
