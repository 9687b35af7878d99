import { permutation } from '@distillation/core/random';

/** Which samples form which batch: pure functions of (count, batch size, seed, epoch). */

/** Training steps per epoch: only full batches, but at least one step, however few samples there are. */
export function stepsPerEpoch(count: number, batchSize: number): number {
  return count === 0 ? 0 : Math.max(1, Math.floor(count / batchSize));
}

/** Sample indices of each training batch of an epoch, in the order of ('order', seed, epoch). */
export function trainingOrder(
  count: number,
  batchSize: number,
  key: { readonly seed: number; readonly epoch: number },
): Uint32Array[] {
  const order = permutation(count, 'order', key.seed, key.epoch);
  return Array.from({ length: stepsPerEpoch(count, batchSize) }, (_, step) =>
    order.subarray(step * batchSize, (step + 1) * batchSize),
  );
}

/**
 * Sample indices of each evaluation batch: every sample once, in the order of the split. Above `atMost`, that many samples evenly
 * spread, since splits are often sorted by class.
 */
export function evaluationOrder(count: number, batchSize: number, atMost = Infinity): Uint32Array[] {
  const taken = Math.min(count, atMost);
  const order = Uint32Array.from({ length: taken }, (_, i) => (taken === count ? i : Math.floor((i * count) / taken)));
  return Array.from({ length: Math.ceil(taken / batchSize) }, (_, step) =>
    order.subarray(step * batchSize, (step + 1) * batchSize),
  );
}
