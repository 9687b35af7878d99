import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentDone, trainedFraction } from './percent.ts';
import { planOf } from '../../test/job.ts';
import {
  EPOCHS,
  LABELLED,
  lifeOf,
  NAMES,
  standing,
  TRAINING_ONLY,
  viewOf as view,
  worker,
} from '../../test/progress.ts';
import { lives } from '../../test/lives.ts';

describe('trainedFraction', () => {
  it('counts epochs, and steps of the current epoch', () => {
    expect(trainedFraction(view())).toBe(0);
    expect(trainedFraction(view({ blocks: [standing('a', 2)] }))).toBeCloseTo(2 / 16, 9);
    const workers = [worker(0, ['a'], { epoch: 3, step: 5 })];
    expect(trainedFraction(view({ blocks: [standing('a', 2)], workers }))).toBeCloseTo(2.5 / 16, 9);
  });

  it('does not count steps of an epoch that is already recorded', () => {
    const workers = [worker(0, ['a'], { epoch: 2, step: 10 })];
    expect(trainedFraction(view({ blocks: [standing('a', 2)], workers }))).toBeCloseTo(2 / 16, 9);
  });

  it('counts blocks that failed or stopped early in full', () => {
    expect(trainedFraction(view({ blocks: [standing('a', 1, 'Failed'), standing('b', 2, 'Done')] }))).toBeCloseTo(
      0.5,
      9,
    );
  });

  it('weighs blocks by their cost', () => {
    const plan = planOf(['a', 'b']);
    const blocks = plan.blocks.map((block) =>
      block.name === 'a' ? { ...block, cost: { prefix: 10, own: 50 } } : block,
    );
    const heavy = view({ plan: { ...plan, blocks }, blocks: [standing('a', 2, 'Done')] });
    expect(trainedFraction(heavy)).toBeCloseTo(60 / 80, 9);
  });
});

describe('percentDone', () => {
  const done = NAMES.map((name) => standing(name, EPOCHS, 'Done'));

  it('starts at 0, is 2 when planned, and 100 only with the result', () => {
    expect(percentDone({ spec: LABELLED, blocks: [], workers: [], finished: false })).toBe(0);
    expect(percentDone(view())).toBe(2);
    expect(percentDone(view({ blocks: done }))).toBe(99);
    expect(percentDone(view({ blocks: done, finished: true }))).toBe(100);
  });

  it('divides the scale between training and finalizer by their expected times', () => {
    // Training 160. The finalizer: measuring (10 + 40/3) + (10 + 40/3) of a tenth, epochs of 40 + 4/3, evaluation 22/3: 136 in all.
    const spec = LABELLED;
    const finalizer = { stage: 'FineTune', epoch: 2, epochs: 3, step: 0, steps: 10, updatedAt: 0 } as const;
    const part = (of296: number): number => Math.floor(2 + (98 * of296) / 296);
    expect(percentDone(view({ spec, blocks: done }))).toBe(part(160));
    expect(percentDone(view({ spec, blocks: done, finalizer }))).toBe(part(160 + 4.667 + 41.333));
    expect(percentDone(view({ spec, blocks: done, finalizer: { ...finalizer, step: 5 } }))).toBe(
      part(160 + 4.667 + 41.333 + 20),
    );
    expect(percentDone(view({ spec, blocks: done, finalizer: { ...finalizer, stage: 'Export' } }))).toBe(99);
  });

  it('works without labels and without fine-tuning', () => {
    expect(percentDone(view({ spec: TRAINING_ONLY, blocks: done.slice(0, 2) }))).toBe(51);
  });

  it('never decreases while a job runs', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { at, end } = lifeOf(life);
        let last = 0;
        for (let i = 0; i <= 200; i++) {
          const percent = percentDone(at(i < 200 ? (end * i) / 200 : end));
          expect(percent).toBeGreaterThanOrEqual(last);
          last = percent;
        }
        expect(last).toBe(100);
      }),
    );
  });

  it('never decreases when epochs are finished in any order', () => {
    const order = fc.shuffledSubarray(
      NAMES.flatMap((name) => Array.from({ length: EPOCHS }, () => name)),
      { minLength: NAMES.length * EPOCHS },
    );
    fc.assert(
      fc.property(order, (finishedNext) => {
        const epochs = new Map(NAMES.map((name) => [name, 0]));
        let last = 0;
        for (const name of finishedNext) {
          epochs.set(name, (epochs.get(name) ?? 0) + 1);
          const blocks = [...epochs].map(([block, epoch]) =>
            standing(block, epoch, epoch === EPOCHS ? 'Done' : 'Training'),
          );
          const percent = percentDone(view({ spec: LABELLED, blocks }));
          expect(percent).toBeGreaterThanOrEqual(last);
          last = percent;
        }
      }),
    );
  });
});
