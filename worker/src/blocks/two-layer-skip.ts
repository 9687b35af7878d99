import { separableChain, withSkip } from './chain.ts';
import type { BuildBlock } from './structure.ts';

/** Two depthwise-separable layers with a skip connection (Figure 2c). */
export const twoLayerSkip: BuildBlock = (layer, options) => withSkip(layer, separableChain(layer, 2, options));
