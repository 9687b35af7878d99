import { expect, test } from 'vitest';
import type { EpochRecord } from '@distillation/api/ledger';
import type { Plan } from '@distillation/api/plan';
import { blockState } from './block-state.ts';
import { digestOf } from './digest.ts';
import { epochRecord } from '../../test/worker.ts';
import type { BlockView } from './view.ts';

const plan = { key: 'k' } as Plan;
const view = (name: string, history: readonly EpochRecord[]): BlockView => ({ name, history, ...blockState(history) });
/** An epoch of one second, half of which is prefix. */
const epoch = (attempt: number, number: number, more: Partial<EpochRecord> = {}): EpochRecord => ({
  ...epochRecord('b', attempt, number),
  ...more,
});

test('there is none before there is a plan', () => {
  expect(digestOf({ plan: undefined, blocks: [] })).toBeUndefined();
});

test('a block is told in a line, with the loss and the bin of its last epoch', () => {
  const done = view('done', [epoch(0, 1), epoch(0, 2), epoch(0, 3)]);
  expect(digestOf({ plan, blocks: [done, view('new', [])] })).toEqual({
    planKey: 'k',
    blocks: [
      { name: 'done', state: 'Done', epoch: 3, outcome: 'Trained', bin: 0, loss: 0.333333, seconds: 3 },
      { name: 'new', state: 'Pending', epoch: 0 },
    ],
    seconds: { useful: 3, redone: 0 },
  });
});

test('an attempt that was given up was for nothing, and a loss that is no number is absent', () => {
  const metrics = { loss: Number.NaN, probeLoss: Number.NaN, probeBaseline: 1, probeOutputVariance: 1 };
  const failure = { code: 'DISTILL_E_NOT_A_NUMBER', message: 'NaN' };
  const first = epoch(0, 1, { metrics, outcome: 'Failed', failure, restart: true });
  const digest = digestOf({
    plan,
    blocks: [
      view('again', [first, epoch(1, 1)]),
      view('lost', [first, epoch(1, 1, { metrics, outcome: 'Failed', failure })]),
    ],
  });
  expect(digest?.blocks).toEqual([
    { name: 'again', state: 'Training', epoch: 1, bin: 0, loss: 1, seconds: 2 },
    {
      name: 'lost',
      state: 'Failed',
      epoch: 1,
      outcome: 'Failed',
      bin: 0,
      seconds: 2,
      failure: 'DISTILL_E_NOT_A_NUMBER',
    },
  ]);
  expect(digest?.seconds).toEqual({ useful: 1, redone: 3 });
});
