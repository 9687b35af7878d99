import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costRows, keeps, type Picks, type Program, sumOf } from './program.ts';
import { bestSolutions, openSolver } from './solve.ts';

const solver = await openSolver();

const valueOf = ({ layers }: Program, picks: Picks): bigint =>
  sumOf(
    layers.map((choices) => choices.map(({ value }) => value)),
    picks,
  );

/** All solutions in order, by trying every one. */
function bruteForce(program: Program): Picks[] {
  const all = program.layers.reduce<number[][]>(
    (before, choices) => before.flatMap((picks) => choices.map((_, c) => [...picks, c])),
    [[]],
  );
  // Sorting is stable, so that equal ones stay in the order of their picks.
  return all
    .filter((picks) => costRows(program).every((row) => keeps(row, picks)))
    .sort((a, b) => Number(valueOf(program, a) - valueOf(program, b)));
}

const programOf = (largestValue: number, largestCost: number): fc.Arbitrary<Program> =>
  fc.integer({ min: 1, max: 2 }).chain((rows) =>
    fc.record({
      layers: fc.array(
        fc.array(
          fc.record({
            value: fc.integer({ min: 0, max: largestValue }),
            costs: fc.array(fc.integer({ min: 0, max: largestCost }), { minLength: rows, maxLength: rows }),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        { minLength: 1, maxLength: 5 },
      ),
      limits: fc.array(fc.integer({ min: 0, max: 3 * largestCost }), { minLength: rows, maxLength: rows }),
    }),
  );

describe('the solver', () => {
  it.each([
    ['many equal sums', 3, 4],
    ['sums as of a network', 2 ** 26, 2_000_000_000],
  ])('finds what trying every solution finds: %s', (_, largestValue, largestCost) => {
    fc.assert(
      fc.property(programOf(largestValue, largestCost), (program) => {
        expect(bestSolutions(solver, program, 4)).toEqual(bruteForce(program).slice(0, 4));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps a limit to the last unit', () => {
    const layers = [
      [
        { value: 0, costs: [9_007_199_254_740] },
        { value: 5, costs: [1_000_000_007] },
      ],
      [
        { value: 0, costs: [9_007_199_254_740] },
        { value: 6, costs: [1_000_000_008] },
      ],
    ];
    const both = 1_000_000_007 + 9_007_199_254_740;
    expect(bestSolutions(solver, { layers, limits: [both] }, 1)).toEqual([[1, 0]]);
    expect(bestSolutions(solver, { layers, limits: [both - 1] }, 1)).toEqual([[1, 1]]);
    expect(bestSolutions(solver, { layers, limits: [2_000_000_015] }, 2)).toEqual([[1, 1]]);
    expect(bestSolutions(solver, { layers, limits: [2_000_000_014] }, 1)).toEqual([]);
  });

  it('takes the first of equal solutions in a network of many layers', () => {
    const layers = Array.from({ length: 60 }, () => [1, 2, 1].map((cost) => ({ value: 1, costs: [cost] })));
    const [picks] = bestSolutions(solver, { layers, limits: [61] }, 1);
    expect(picks).toEqual(Array.from({ length: 60 }, () => 0));
    const dear = layers.map((choices, l) => (l < 30 ? choices.toReversed().slice(1) : choices));
    expect(bestSolutions(solver, { layers: dear, limits: [60] }, 1)[0]).toEqual([
      ...Array.from({ length: 30 }, () => 1),
      ...Array.from({ length: 30 }, () => 0),
    ]);
  });

  it('has one solution for a network without layers to choose', () => {
    expect(bestSolutions(solver, { layers: [], limits: [0] }, 4)).toEqual([[]]);
    expect(bestSolutions(solver, { layers: [], limits: [-1] }, 4)).toEqual([]);
  });
});
