import fc from 'fast-check';
import { estimateCost } from '../src/scheduling/costs.ts';
import { binCost, type CostedBlock, type Task } from '../src/scheduling/pass-cost.ts';

/** Shared by the tests of the schedulers: blocks to schedule, and the exact optimum of small cases for comparison. */

/** Blocks `b0`, `b1`, ... with costs [prefix, own]. */
export function blocksOf(...costs: readonly (readonly [number, number])[]): CostedBlock[] {
  return costs.map(([prefix, own], i) => ({ name: `b${i}`, cost: { prefix, own } }));
}

/** One to `most` blocks, with integer costs, so that sums are exact and ties are frequent. */
export const blocksArbitrary = (most: number): fc.Arbitrary<CostedBlock[]> =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 30 })), {
      minLength: 1,
      maxLength: most,
    })
    .map((costs) => blocksOf(...costs));

export const passesArbitrary = fc.constantFrom('Fused' as const, 'Independent' as const);

/** The smallest makespan of any assignment, by exhaustive search. Bins are interchangeable, so a task opens at most one new bin. */
export function optimalMakespan(tasks: readonly Task[], bins: number): number {
  let best = Infinity;
  const place = (index: number, packed: readonly (readonly Task[])[]): void => {
    const worst = Math.max(0, ...packed.map(binCost));
    if (worst >= best) return;
    const task = tasks[index];
    if (task === undefined) {
      best = worst;
      return;
    }
    packed.forEach((_, chosen) => {
      place(
        index + 1,
        packed.map((bin, i) => (i === chosen ? [...bin, task] : bin)),
      );
    });
    if (packed.length < bins) place(index + 1, [...packed, [task]]);
  };
  place(0, []);
  return best;
}

/** The thirteen convolutions of VGG16 at 32x32, with `width` times its channels and estimated costs per sample. */
export function vgg16Blocks(width: number): CostedBlock[] {
  const stages = [
    [2, 64, 32],
    [2, 128, 16],
    [3, 256, 8],
    [3, 512, 4],
    [3, 512, 2],
  ] as const;
  let inputs = 3;
  const prefix = { prefixMacs: 0, prefixElements: 0 };
  return stages.flatMap(([convolutions, fullWidth, size], stage) =>
    Array.from({ length: convolutions }, (_, i) => {
      const outputs = fullWidth * width;
      const positions = size * size;
      prefix.prefixMacs += positions * 9 * inputs * outputs;
      prefix.prefixElements += positions * (inputs + outputs);
      const macs = positions * (9 * inputs + inputs * outputs + 9 * outputs + outputs * outputs);
      // Four operations that read and write, and a loss over two outputs.
      const elements = positions * (3 * inputs + 7 * outputs);
      inputs = outputs;
      const cost = estimateCost(prefix, { macs, elements });
      return { name: `block${stage + 1}_conv${i + 1}`, cost };
    }),
  );
}
