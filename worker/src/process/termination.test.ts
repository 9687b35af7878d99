import { describe, expect, it } from 'vitest';
import { decodeTermination, type ResultSummary, type Termination } from '@distillation/api/termination';
import { randomStream } from '@distillation/core/random';
import { encodeShort } from './termination.ts';

const SHA = 'c0ffee'.padEnd(64, '0123456789abcdef');

/** Names without anything in common, so that compression does not shorten them. */
const namesOf = (count: number): string[] => {
  const stream = randomStream('names', count);
  return Array.from({ length: count }, () => Array.from({ length: 8 }, () => stream.below(36).toString(36)).join(''));
};

function resultOf(names: readonly string[]): ResultSummary {
  const stream = randomStream('accuracies');
  const network = { testAccuracy: 0.7654, params: 60_419_944, macs: 11_558_837_248 };
  return {
    recipe: SHA,
    outcome: 'StudentBuilt',
    teacher: network,
    student: network,
    studentSha256: SHA,
    blocks: names.map((block) => ({ block, selected: true, accuracy: stream.below(1e6) / 1e6 })),
    seconds: { finalize: 5 },
  };
}

const read = (termination: Termination): Termination | undefined => decodeTermination(encodeShort(termination) ?? '');

describe('last words that are too long', () => {
  it.each([
    [100, ({ blocks }: ResultSummary) => blocks],
    [350, ({ blocks }: ResultSummary) => blocks.map(({ block, selected }) => ({ block, selected }))],
    [1000, () => []],
  ])('of a result of %i blocks leave out accuracies, then blocks, and never the result', (count, kept) => {
    const result = resultOf(namesOf(count));
    expect(read({ type: 'Finalized', result })).toEqual({
      type: 'Finalized',
      result: { ...result, blocks: kept(result) },
    });
  });

  it('of a ledger leave out losses, times and bins', () => {
    const blocks = namesOf(300).map(
      (name, i) => ({ name, state: 'Done', epoch: 3, loss: Math.sin(i), bin: i }) as const,
    );
    const words = { type: 'NothingLeft', planKey: SHA, seconds: { useful: 1, redone: 0 } } as const;
    const kept = blocks.map(({ name, state, epoch }) => ({ name, state, epoch }));
    expect(read({ ...words, blocks })).toEqual({ ...words, blocks: kept });
  });

  it('of a plan are not cut: what it left out could not be trained', () => {
    const plan = {
      version: 1,
      key: SHA,
      recipe: SHA,
      epochs: 3,
      stepsPerEpoch: 10,
      costUnit: 'MAC',
      costSource: 'Estimated',
      samples: { train: 1, validation: 1, test: 1 },
      teacher: { sha256: SHA, params: 1, macs: 1 },
      datasetSha256: SHA,
      kept: 0,
      blocks: namesOf(1000).map((name) => ({ name, cost: { prefix: 1, own: 1 } })),
    } as const;
    expect(encodeShort({ type: 'Planned', plan })).toBeUndefined();
    // Of the patterns without effect, only their number is then left.
    const words = namesOf(180);
    const unmatched = Array.from({ length: 6 }, (_, i) => words.slice(30 * i, 30 * (i + 1)).join(''));
    const long = { ...plan, blocks: plan.blocks.slice(0, 450), unmatched };
    expect(read({ type: 'Planned', plan: long })).toMatchObject({
      plan: { unmatched: ["Of spec.blocks 6 patterns have no effect; the planner's log names them."] },
    });
  });
});
