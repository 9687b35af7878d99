import type { LayersModel, Tensor, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../../backend/tf.ts';
import { streamKey } from '@distillation/core/random';
import { ownName } from '../../teacher/graph/names.ts';
import { weightName } from '../../teacher/weights.ts';
import { overrideCall } from './override.ts';

type Layer = LayersModel['layers'][number];

/** Identifies a step of fine-tuning. A dropout mask depends on this and on the layer's name alone. */
export interface StepId {
  readonly seed: number;
  readonly epoch: number;
  readonly step: number;
}

/** A network prepared for training by hand; `apply(x, { training: true })` then behaves as in Keras. */
export interface TrainingMode {
  /** What an optimizer may change, by `<layer>/<weight>`. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** Whether steps differ by dropout masks. */
  readonly isNoisy: boolean;
  /** Draws the dropout masks of a step. */
  enterStep(step: StepId): void;
  /** Leaves training mode: the network is as before except for its weights. */
  release(): void;
}

/**
 * Layers whose noise TensorFlow.js draws without a seed. It would differ between runs, so fine-tuning leaves it out.
 */
const UNSEEDED = new Set(['AlphaDropout', 'GaussianDropout', 'GaussianNoise']);
const DROPOUT = new Set(['Dropout', 'SpatialDropout1D']);

type Dropout = Layer & { readonly rate: number; seed?: number };

/**
 * Prepares a network for training. Every layer that is not frozen is trained, whatever `trainable` says in the file; a frozen one
 * keeps all its weights, so its batch normalisation uses the moving averages.
 */
export function enterTraining(tf: Tf, model: LayersModel, frozen: ReadonlySet<string>): TrainingMode {
  const undo: (() => void)[] = [];
  const variables = new Map<string, Variable>();
  const dropouts: Dropout[] = [];
  for (const layer of model.layers) {
    const { trainable } = layer;
    layer.trainable = !frozen.has(layer.name);
    undo.push(() => (layer.trainable = trainable));
    for (const [name, variable] of layerWeights(layer, layer.trainableWeights)) variables.set(name, variable);
    const kind = layer.getClassName();
    if (DROPOUT.has(kind)) {
      const dropout = layer as Dropout;
      const { seed } = dropout;
      dropouts.push(dropout);
      undo.push(() => {
        if (seed === undefined) delete dropout.seed;
        else dropout.seed = seed;
      });
    }
    if (kind === 'BatchNormalization') undo.push(completeBatchNormalization(tf, layer));
    if (UNSEEDED.has(kind) || (kind === 'BatchNormalization' && frozen.has(layer.name))) {
      undo.push(overrideCall(layer, (call) => (inputs, kwargs) => call(inputs, { ...kwargs, training: false })));
    }
  }
  return {
    variables,
    isNoisy: dropouts.some(({ rate }) => rate > 0),
    enterStep({ seed, epoch, step }) {
      for (const dropout of dropouts) dropout.seed = streamKey('dropout', seed, epoch, step, dropout.name);
    },
    release() {
      for (const take of undo.reverse()) take();
    },
  };
}

/** Every weight of a network, moving averages included, by `<layer>/<weight>`, in a fixed order. */
export function namedWeights(model: LayersModel): Map<string, Variable> {
  return new Map(model.layers.flatMap((layer) => layerWeights(layer, layer.weights)));
}

function layerWeights(layer: Layer, weights: Layer['weights']): [string, Variable][] {
  return weights.map((weight) => {
    // `read` returns the variable itself, though its type does not say so.
    return [weightName(layer.name, ownName(weight)), weight.read() as unknown as Variable];
  });
}

/** Whether a batch normalisation has gamma and beta. */
interface Flags {
  scale: boolean;
  center: boolean;
}

/**
 * TensorFlow.js differentiates a batch normalisation only if it has both gamma and beta; constants replace a missing
 * one.
 */
function completeBatchNormalization(tf: Tf, layer: Layer): () => void {
  const parts = layer as Layer & Record<'gamma' | 'beta', { read(): Tensor } | null | undefined> & Flags;
  const { scale, center } = parts;
  const [width] = layer.weights[0]?.shape ?? [];
  const missing = (['gamma', 'beta'] as const).filter((part) => (parts[part] ?? null) === null);
  if (missing.length === 0 || typeof width !== 'number') return () => undefined;
  return overrideCall(layer, (call) => (inputs, kwargs) => {
    for (const part of missing) parts[part] = { read: () => (part === 'gamma' ? tf.ones([width]) : tf.zeros([width])) };
    Object.assign(parts, { scale: true, center: true });
    try {
      return call(inputs, kwargs);
    } finally {
      for (const part of missing) parts[part] = null;
      Object.assign(parts, { scale, center });
    }
  });
}
