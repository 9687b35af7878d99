import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluationOrder, stepsPerEpoch, trainingOrder } from './order.ts';

const counts = fc.integer({ min: 1, max: 300 });
const batches = fc.integer({ min: 1, max: 64 });

describe('trainingOrder', () => {
  it('has floor(count / batch) full batches, or one smaller one, and no sample twice', () => {
    fc.assert(
      fc.property(counts, batches, fc.integer({ min: 0, max: 9 }), (count, batchSize, epoch) => {
        const order = trainingOrder(count, batchSize, { seed: 1, epoch });
        expect(order).toHaveLength(stepsPerEpoch(count, batchSize));
        expect(order.every((batch) => batch.length === Math.min(count, batchSize))).toBe(true);
        const seen = order.flatMap((batch) => [...batch]);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.every((index) => index < count)).toBe(true);
      }),
    );
  });

  it('differs between epochs and seeds', () => {
    const first = [...(trainingOrder(100, 100, { seed: 1, epoch: 0 })[0] ?? [])];
    expect(first).not.toStrictEqual([...(trainingOrder(100, 100, { seed: 1, epoch: 1 })[0] ?? [])]);
    expect(first).not.toStrictEqual([...(trainingOrder(100, 100, { seed: 2, epoch: 0 })[0] ?? [])]);
    expect(first.toSorted((a, b) => a - b)).toStrictEqual(Array.from({ length: 100 }, (_, i) => i));
  });
});

describe('evaluationOrder', () => {
  it('has every sample once, in order, the last batch as large as what is left', () => {
    fc.assert(
      fc.property(counts, batches, (count, batchSize) => {
        const order = evaluationOrder(count, batchSize);
        expect(order.flatMap((batch) => [...batch])).toStrictEqual(Array.from({ length: count }, (_, i) => i));
        expect(order.at(-1)).toHaveLength(count % batchSize === 0 ? batchSize : count % batchSize);
      }),
    );
  });

  it('has of a large split as many as asked for, from all parts of it alike', () => {
    const labels = Array.from({ length: 1000 }, (_, i) => Math.floor(i / 100));
    const order = evaluationOrder(1000, 32, 200).flatMap((batch) => [...batch]);
    expect(order).toHaveLength(200);
    for (let label = 0; label < 10; label++) expect(order.filter((i) => labels[i] === label)).toHaveLength(20);
    fc.assert(
      fc.property(counts, batches, counts, (count, batchSize, atMost) => {
        const some = evaluationOrder(count, batchSize, atMost).flatMap((batch) => [...batch]);
        expect(some).toHaveLength(Math.min(count, atMost));
        expect(some.every((index, i) => index < count && index > (some[i - 1] ?? -1))).toBe(true);
      }),
    );
  });

  it('is empty for an empty split', () => {
    expect(evaluationOrder(0, 8)).toStrictEqual([]);
    expect(trainingOrder(0, 8, { seed: 1, epoch: 0 })).toStrictEqual([]);
  });
});
