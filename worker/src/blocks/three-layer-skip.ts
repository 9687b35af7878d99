import { separableChain, withSkip } from './chain.ts';
import type { BuildBlock } from './structure.ts';

/** Three depthwise-separable layers with a skip connection (Figure 2d). */
export const threeLayerSkip: BuildBlock = (layer, options) => withSkip(layer, separableChain(layer, 3, options));
