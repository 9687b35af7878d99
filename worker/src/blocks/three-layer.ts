import { separableChain } from './chain.ts';
import type { BuildBlock } from './structure.ts';

/** Three depthwise-separable layers (Figure 2b). */
export const threeLayer: BuildBlock = (layer, options) => separableChain(layer, 3, options);
