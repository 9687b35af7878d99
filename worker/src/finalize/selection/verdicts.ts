import { alone, type BlockScore, type BlockVerdict, measuredOf } from '../select.ts';

/** What a selection under a budget decided, for the reasons that it gives. */
interface Decision {
  /** Names of the blocks in the student. */
  readonly blocks: readonly string[];
  /** `budgetWords` of the job's budget. */
  readonly budget: string;
  /** How many students within the budget were assembled and measured. */
  readonly considered: number;
  /** The layer that a block is for. */
  readonly layerOf: (block: string) => string;
}

/** The decision on each block, in the given order, with its reason in words. */
export function budgetVerdicts(
  entries: readonly BlockScore[],
  { blocks, budget, considered, layerOf }: Decision,
): BlockVerdict[] {
  const taken = new Map(blocks.map((block) => [layerOf(block), block]));
  return entries.map((entry): BlockVerdict => {
    const { block } = entry;
    if ('failure' in entry) return { block, selected: false, reason: `not trained: ${entry.failure}` };
    const measured = measuredOf(entry);
    if (measured.divergence === undefined) {
      return {
        block,
        ...measured,
        selected: false,
        reason: 'with it the teacher computes numbers that are not finite',
      };
    }
    const words = [alone(entry.score), `${figure(measured.divergence)} nats from the teacher`].filter(
      (text) => text !== undefined,
    );
    const own = taken.get(layerOf(block));
    const why =
      own === undefined
        ? `the layer is left as it is: the budget of ${budget} is met without it`
        : own === block
          ? `in ${considered === 1 ? 'the only student' : `the best of ${considered} students`} measured within the budget of ${budget}`
          : `${own} replaces the layer within the budget of ${budget}`;
    return { block, ...measured, selected: own === block, reason: `${words.join(', ')}; ${why}` };
  });
}

const figure = (nats: number): string => (nats === 0 ? '0' : nats < 1e-3 ? nats.toExponential(1) : nats.toPrecision(3));
