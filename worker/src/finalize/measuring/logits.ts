import type { LayersModel, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { Tf } from '../../backend/tf.ts';
import { scores } from './batches.ts';
import { overrideCall } from '../fine-tuning/override.ts';

type Layer = LayersModel['layers'][number];

/** A classifier's scores before the softmax, whether or not the network ends in one. */
interface LogitsOf {
  /** [count, classes]. Call it inside a tidy, or inside a function that is differentiated. */
  run(images: Tensor, options: { readonly training: boolean }): Tensor2D;
  /** Restores the model. */
  release(): void;
}

/**
 * Losses are computed from logits, since for an unlikely class the logarithm of a float32 softmax is -Infinity and its gradient is
 * zero. A softmax at the end, as a layer or as the activation of the last layer, is left out while `run` computes; otherwise the
 * model is unchanged. Probabilities of any other origin are replaced by their logarithms, which are logits of the same softmax.
 */
export function logitsOf(tf: Tf, model: LayersModel, outputs: 'Logits' | 'Probabilities'): LogitsOf {
  let cutting = false;
  const last = model.outputLayers[0];
  const kind = last === undefined ? 'none' : softmaxKind(last);
  const overrides: (() => void)[] = [];
  if (last !== undefined && kind === 'layer') {
    overrides.push(overrideCall(last, (call) => (inputs, kwargs) => (cutting ? inputs : call(inputs, kwargs))));
  }
  if (last !== undefined && kind === 'activation') {
    const fused = last as Layer & { activation: unknown };
    const softmax = fused.activation;
    const { activation: linear } = tf.layers.activation({ activation: 'linear' }) as unknown as typeof fused;
    overrides.push(
      overrideCall(last, (call) => (inputs, kwargs) => {
        fused.activation = cutting ? linear : softmax;
        try {
          return call(inputs, kwargs);
        } finally {
          fused.activation = softmax;
        }
      }),
    );
  }
  return {
    run(images, options) {
      cutting = true;
      try {
        const output = scores(model.apply(images, options) as Tensor);
        return kind === 'none' && outputs === 'Probabilities' ? tf.log(tf.maximum(output, 1e-7)) : output;
      } finally {
        cutting = false;
      }
    },
    release() {
      for (const undo of overrides) undo();
    },
  };
}

/** Whether a network ends in a softmax, and in which form. */
function softmaxKind(layer: Layer): 'layer' | 'activation' | 'none' {
  const name = layer.getClassName();
  if (name === 'Softmax') return 'layer';
  const { activation } = layer.getConfig();
  if (activation !== 'softmax') return 'none';
  return name === 'Activation' ? 'layer' : 'activation';
}
