import { permutation } from '../random.ts';

/** Which samples make which batch: pure functions of (count, batch size, seed, epoch). */

/** Training steps of an epoch: full batches only, at least one step however few the samples are. */
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

/** Sample indices of each evaluation batch: every sample once, in the order of the split. */
export function evaluationOrder(count: number, batchSize: number): Uint32Array[] {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, step) =>
    order.subarray(step * batchSize, (step + 1) * batchSize),
  );
}
