import { internalError } from '@distillation/api/errors';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { Tf } from './tf.ts';

/** The parts of a Conv2D layer that are used. */
interface Conv2DLayer {
  readonly kernel: { read(): Tensor };
  readonly bias?: { read(): Tensor } | null;
  readonly activation: { apply(x: Tensor): Tensor };
  readonly strides: [number, number];
  readonly padding: string;
  readonly dilationRate: [number, number];
  readonly dataFormat: string;
}

type LayerCall = (this: Conv2DLayer, inputs: Tensor | Tensor[], kwargs?: unknown) => Tensor | Tensor[];

const installed = new WeakSet();

/**
 * Makes dilated `Conv2D` layers trainable. The stock layer runs one fused operation, whose gradient refuses dilation and cannot be
 * replaced; here its parts run one by one, with the gradients of gradients.ts. Installing twice is harmless.
 */
export function installDilatedLayers(tf: Tf): void {
  if (installed.has(tf.engine())) return;
  installed.add(tf.engine());

  const [layerClass] = tf.serialization.SerializationMap.getMap().classNameMap['Conv2D'] ?? [];
  if (layerClass === undefined) throw internalError('TensorFlow.js has no Conv2D layer.');
  const prototype = (layerClass as unknown as { prototype: { call: LayerCall } }).prototype;
  const stock = prototype.call;
  prototype.call = function (inputs, kwargs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const { dilationRate, padding, dataFormat } = this;
    const dilated = dilationRate.some((rate) => rate > 1) && dataFormat !== 'channelsFirst';
    if (!dilated || x === undefined || (padding !== 'same' && padding !== 'valid'))
      return stock.call(this, inputs, kwargs);
    return tf.tidy(() => {
      const y = tf.conv2d(x as Tensor4D, this.kernel.read() as Tensor4D, this.strides, padding, 'NHWC', dilationRate);
      const bias = this.bias?.read();
      return this.activation.apply(bias === undefined ? y : tf.add(y, bias));
    });
  };
}
