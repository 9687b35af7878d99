/**
 * The one type through which the worker uses TensorFlow.js.
 *
 * Modules take `tf: Tf` as a parameter and import types only (`import type { Tensor4D } from '@tensorflow/tfjs'`): `openBackend`
 * alone decides which backend computes, and no module can load the library before the environment is set.
 */
import type * as tfjs from '@tensorflow/tfjs';

/** TensorFlow.js with whichever backend was opened: all of them share engine, ops and layers. */
export type Tf = typeof tfjs;
