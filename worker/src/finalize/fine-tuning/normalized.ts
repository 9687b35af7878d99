import type { SymbolicTensor, Tensor, Tensor1D } from '@tensorflow/tfjs';
import { internalError } from '@distillation/api/errors';
import type { Weight } from '@distillation/ledger/tensors';
import type { Tf } from '../../backend/tf.ts';
import { assignWeights, buildModel, readWeights } from '../../teacher/build.ts';
import type { Graph, Network } from '../../teacher/graph/graph.ts';
import { builtLayer } from '../../teacher/graph/names.ts';
import { EPSILON, normalizationOf, normalizedGraph } from '../../teacher/graph/rewrite/normalize.ts';
import { weightName } from '../../teacher/weights.ts';
import { imageTensor, type OpenTrainingBatches } from '../measuring/batches.ts';

/**
 * A network with batch normalisation behind some of its layers, for the time of its fine-tuning (Ioffe & Szegedy 2015). It begins as the same
 * function, since scale and shift begin as the deviation and the mean of what they normalise, and what it has learnt is folded back into
 * kernels and biases: the network that leaves has the layers, the size and the speed that it had before.
 */
export interface Normalized {
  readonly network: Network;
  /** Writes what has been learnt into the network that this one was made from. */
  readonly fold: () => void;
  /** Writes back what that network was before. */
  readonly restore: () => void;
  /** Frees the network's weights. */
  readonly dispose: () => void;
}

interface NormalizeOptions {
  readonly network: Network;
  /** Those behind which there is a normalisation, of `normalizable`. */
  readonly layers: readonly string[];
  /** Some training images, the same at each call. */
  readonly batches: OpenTrainingBatches;
}

/** Undefined without layers. */
export async function normalizeForTraining(
  tf: Tf,
  { network, layers: names, batches }: NormalizeOptions,
): Promise<Normalized | undefined> {
  if (names.length === 0) return undefined;
  const graph = normalizedGraph(network.graph, names);
  const weights = readWeights(network);
  const biases = biasesOf(weights, names);
  // First an identity that adds the layer's bias: what it gives has the moments that the normalisation then begins with.
  const identity = names.flatMap((name, i) =>
    normalization(network.graph, name, {
      gamma: biases[i]?.map(() => 1),
      beta: biases[i],
      moving_mean: biases[i]?.map(() => 0),
      moving_variance: biases[i]?.map(() => 1 - EPSILON),
    }),
  );
  const model = await buildModel(tf, graph, [...weights, ...identity]);
  const normalized: Network = { graph, model };
  try {
    const normalizations = names.map((name) => normalizationOf(network.graph, name));
    const moments = await momentsOf(tf, { network: normalized, layers: normalizations, batches });
    const started = names.flatMap((name, i) => {
      const { mean = [], variance = [] } = moments[i] ?? {};
      return normalization(network.graph, name, {
        gamma: variance.map((value) => Math.sqrt(value + EPSILON)),
        beta: mean,
        moving_mean: mean.map((value, channel) => value - (biases[i]?.[channel] ?? 0)),
        moving_variance: variance,
      });
    });
    assignWeights(tf, normalized, [...weights, ...started]);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return {
    network: normalized,
    fold: () => {
      foldInto(tf, { from: normalized, into: network, names: new Set(names) });
    },
    restore: () => {
      assignWeights(tf, network, weights);
    },
    dispose: () => {
      model.dispose();
    },
  };
}

/** Biases of these layers, by channel. */
function biasesOf(weights: readonly Weight[], names: readonly string[]): number[][] {
  const byName = new Map(weights.map(({ name, data }) => [name, data]));
  return names.map((name) => {
    const bias = byName.get(weightName(name, 'bias'));
    if (bias === undefined) throw internalError(`The layer ${name} has no bias.`, { subject: name });
    return [...bias];
  });
}

/** Weights of the normalisation behind a layer, each a value a channel. */
function normalization(
  graph: Graph,
  layer: string,
  parts: Readonly<Record<string, readonly number[] | undefined>>,
): Weight[] {
  return Object.entries(parts).map(([part, values = []]) => ({
    name: weightName(normalizationOf(graph, layer), part),
    shape: [values.length],
    data: Float32Array.from(values),
  }));
}

interface Moments {
  readonly mean: readonly number[];
  readonly variance: readonly number[];
}

interface Measured {
  readonly network: Network;
  readonly layers: readonly string[];
  readonly batches: OpenTrainingBatches;
}

/** Mean and variance of each channel of what these layers give, over all positions of the images; sums in doubles. */
async function momentsOf(tf: Tf, { network, layers, batches }: Measured): Promise<Moments[]> {
  const watched = tf.model({
    inputs: network.model.inputs,
    outputs: layers.map((layer) => builtLayer(network, layer).output as SymbolicTensor),
  });
  const sums = layers.map(() => ({ count: 0, mean: [] as number[], square: [] as number[] }));
  for await (const batch of batches()) {
    const found = tf.tidy(() => {
      const given = watched.apply(imageTensor(tf, network.model, batch), { training: false });
      return (Array.isArray(given) ? given : [given]).map((value) => {
        const x = value as Tensor;
        const axes = [0, 1, 2];
        return [
          x.size / (x.shape[3] ?? 1),
          tf.mean(x, axes).dataSync(),
          tf.mean(tf.square(x), axes).dataSync(),
        ] as const;
      });
    });
    found.forEach(([count, mean, square], i) => {
      const sum = sums[i];
      if (sum === undefined) return;
      sum.count += count;
      mean.forEach((value, channel) => (sum.mean[channel] = (sum.mean[channel] ?? 0) + count * value));
      square.forEach((value, channel) => (sum.square[channel] = (sum.square[channel] ?? 0) + count * value));
    });
  }
  return sums.map(({ count, mean, square }) => ({
    mean: mean.map((sum) => sum / count),
    variance: square.map((sum, channel) => Math.max(0, sum / count - ((mean[channel] ?? 0) / count) ** 2)),
  }));
}

interface Fold {
  readonly from: Network;
  readonly into: Network;
  readonly names: ReadonlySet<string>;
}

/** y = gamma (K x - mean) / deviation + beta is a convolution of the kernel K gamma / deviation and the bias beta - mean gamma / deviation. */
function foldInto(tf: Tf, { from, into, names }: Fold): void {
  for (const name of into.graph.layers.keys()) {
    const target = builtLayer(into, name);
    if (target.weights.length === 0) continue;
    tf.tidy(() => {
      const learnt = builtLayer(from, name).getWeights();
      target.setWeights(
        names.has(name) ? folded(tf, learnt, normalizationWeights(from, normalizationOf(into.graph, name))) : learnt,
      );
    });
  }
}

function normalizationWeights(network: Network, normalization: string): Tensor1D[] {
  return builtLayer(network, normalization).getWeights() as Tensor1D[];
}

/** The last kernel of the layer, whose last axis is that of its outputs, takes the scale. */
function folded(tf: Tf, kernels: readonly Tensor[], [gamma, beta, mean, variance]: readonly Tensor1D[]): Tensor[] {
  const last = kernels.at(-1);
  if (last === undefined || gamma === undefined || beta === undefined || mean === undefined || variance === undefined)
    throw internalError('A normalisation is without its weights.');
  const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, EPSILON)));
  return [...kernels.slice(0, -1), tf.mul(last, scale), tf.sub(beta, tf.mul(mean, scale))];
}
