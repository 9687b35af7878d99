import { distinctCut, isBroken, LONE_SURROGATE } from '@distillation/api/distinct-cut';

/**
 * Longest value of a label, in characters. Prometheus has no limit of its own, but its operator may set one
 * (`label_value_length_limit`).
 */
const LONGEST = 250;

/** A block's name as the value of a label. Different names give different values: a very long name is cut and ends in a hash. */
export function blockLabel(block: string): string {
  if (block.length <= LONGEST && !isBroken(block)) return block;
  return distinctCut(block, block.slice(0, LONGEST).replaceAll(LONE_SURROGATE, '_'));
}
