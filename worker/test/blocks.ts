import { buildBlock } from '../src/blocks/architectures.ts';
import { exportBlock } from '../src/blocks/export.ts';
import { initialWeights } from '../src/blocks/weights.ts';
import { listLayers } from '../src/teacher/graph/candidates.ts';
import type { Replacement } from '../src/teacher/graph/rewrite/replace.ts';
import type { Teacher } from '../src/teacher/load.ts';

/** A block for each candidate, with its initial weights. */
export function blocksFor(teacher: Teacher): ReadonlyMap<string, Replacement> {
  const { candidates } = listLayers(teacher, { include: ['*'], exclude: [] });
  return new Map(
    candidates.map((layer) => {
      const structure = buildBlock(
        { layer, architecture: 'TwoLayerSkip' },
        { bias: 'Enabled', batchNormalization: 'Enabled' },
      );
      const weights = initialWeights(structure, { seed: 1, block: layer.name, attempt: 0 });
      return [layer.name, { block: exportBlock(structure), weights }] as const;
    }),
  );
}
