import { separableChain } from './chain.ts';
import type { BuildBlock } from './structure.ts';

/** Two depthwise-separable layers (Figure 2a), the paper’s choice. */
export const twoLayer: BuildBlock = (layer, options) => separableChain(layer, 2, options);
