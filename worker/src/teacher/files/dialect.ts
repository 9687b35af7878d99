/**
 * The library that wrote a model. The same config means different computations in Keras 2 (`hard_sigmoid`), Keras 3, and
 * TensorFlow.js (which resizes from the corners of pixels, and ignores some dilations).
 */
export type Dialect = 'Keras2' | 'Keras3' | 'TensorFlow.js';

/** From the `keras_version` of a file, such as `3.15.1`, `2.4.0-tf` or `tfjs-layers 4.22.0`; `otherwise` when it has none. */
export function dialectOf(version: unknown, otherwise: Dialect): Dialect {
  if (typeof version !== 'string') return otherwise;
  if (version.startsWith('tfjs')) return 'TensorFlow.js';
  const major = Number.parseInt(version, 10);
  if (Number.isNaN(major)) return otherwise;
  return major >= 3 ? 'Keras3' : 'Keras2';
}
