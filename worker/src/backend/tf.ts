/**
 * The one type through which the worker sees TensorFlow.js.
 *
 * Modules take `tf: Tf` as a parameter and import types only (`import type { Tensor4D } from '@tensorflow/tfjs'`): which
 * backend computes is decided once, by `openBackend`, and no module can load the library before the environment is set.
 */
import type * as tfjs from '@tensorflow/tfjs';

/** TensorFlow.js with whatever backend was opened: the same engine, ops and layers on all of them. */
export type Tf = typeof tfjs;
