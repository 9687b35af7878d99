import { distinctCut, isBroken, LONE_SURROGATE } from '@distillation/api/distinct-cut';

/** Characters of a label's value. Prometheus has no limit of its own; who runs it may set one (`label_value_length_limit`). */
const LONGEST = 250;

/** A block's name as the value of a label, another one for each: a very long name is cut and ends in a hash. */
export function blockLabel(block: string): string {
  if (block.length <= LONGEST && !isBroken(block)) return block;
  return distinctCut(block, block.slice(0, LONGEST).replaceAll(LONE_SURROGATE, '_'));
}
