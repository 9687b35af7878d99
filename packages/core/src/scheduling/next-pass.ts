import type { BinSchedule } from '@distillation/api/plan';

/**
 * The blocks of a bin's next pass, for the worker as for the simulation. Fused: all blocks at the least advanced epoch, since only blocks at
 * one epoch share its data order; those furthest behind go first until the others can join. Independent: the first of the queue.
 */
export function nextPass<Block extends { readonly epochsLeft: number }>(
  queue: readonly Block[],
  passes: BinSchedule['passes'],
): readonly Block[] {
  if (passes === 'Independent') return queue.slice(0, 1);
  const behind = Math.max(...queue.map(({ epochsLeft }) => epochsLeft));
  return queue.filter(({ epochsLeft }) => epochsLeft === behind);
}
