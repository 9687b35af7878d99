import { DistillError } from '@distillation/api/errors';
import type { GraphLayer } from '../../../teacher/graph/graph.ts';
import { isArray, type JsonObject } from '../../../teacher/files/json.ts';
import { without } from '../../../teacher/layers/parts.ts';

/** The layers of a student, which are TensorFlow.js', in terms of Keras 3. Pure. */

interface KerasLayer {
  readonly className: string;
  /** Without the name. */
  readonly config: JsonObject;
}

/**
 * What computes the layer's output in Keras 3: one layer, or several in a row, of which the first has the weights. Kernels have the
 * same axes in both libraries, and what `cleanConfig` keeps of a config means the same but for the exceptions here.
 * @throws DISTILL_E_EXPORT_LAYER for a layer that Keras lacks.
 */
export function kerasLayers(layer: GraphLayer): readonly KerasLayer[] {
  const { className, config } = layer;
  if (!SAME.has(className)) throw inexpressible(layer, `of the class ${className}`);
  const kept = plain(config);
  switch (className) {
    case 'InputLayer':
      return [{ className, config: { batch_shape: config['batch_input_shape'] ?? null } }];
    case 'LeakyReLU':
      return [{ className, config: { ...without(kept, 'alpha'), negative_slope: config['alpha'] ?? 0.3 } }];
    case 'Softmax':
      // Keras writes a list of axes and cannot compute with what it reads of it.
      if (!isArray(config['axis'])) break;
      throw inexpressible(layer, 'a Softmax along several axes');
    case 'UpSampling2D':
      // TensorFlow.js interpolates between the corners of pixels, Keras between their centres.
      if (config['interpolation'] !== 'bilinear') break;
      throw inexpressible(layer, 'an UpSampling2D whose bilinear interpolation is that of TensorFlow.js');
  }
  switch (config['activation']) {
    case 'swish':
      return [{ className, config: { ...kept, activation: 'silu' } }];
    case 'hard_sigmoid':
      // clip(x/5 + 0.5, 0, 1) in TensorFlow.js, clip(x/6 + 0.5, 0, 1) in Keras 3. It only occurs as a layer (layers/activations.ts).
      return [
        { className: 'Rescaling', config: { scale: 0.2, offset: 0.5 } },
        { className: 'ReLU', config: { max_value: 1 } },
      ];
    default:
      return [{ className, config: kept }];
  }
}

/** Classes of the same name in both libraries. */
const SAME: ReadonlySet<string> = new Set([
  ...['InputLayer', 'Conv1D', 'Conv2D', 'Conv3D', 'Conv2DTranspose', 'DepthwiseConv2D', 'SeparableConv2D', 'Dense'],
  ...['BatchNormalization', 'Rescaling', 'Dropout', 'Activation', 'ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'Softmax'],
  ...['Add', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate', 'Flatten', 'Reshape', 'Permute'],
  ...['MaxPooling2D', 'AveragePooling2D', 'GlobalAveragePooling2D', 'GlobalMaxPooling2D'],
  ...['ZeroPadding2D', 'Cropping2D', 'UpSampling2D'],
]);

/** Without the initialisers by which TensorFlow.js draws no weights that are loaded anyway. */
function plain(config: JsonObject): JsonObject {
  return without(config, 'name', ...Object.keys(config).filter((key) => key.endsWith('_initializer')));
}

function inexpressible({ name }: GraphLayer, what: string): DistillError {
  return new DistillError(
    'DISTILL_E_EXPORT_LAYER',
    `The student's layer ${JSON.stringify(name)} is ${what}, which Keras cannot express.`,
    { subject: name },
  );
}
