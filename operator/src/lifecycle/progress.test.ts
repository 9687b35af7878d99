import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkerProgress } from '@distillation/api/ledger';
import { percentDone, type ProgressView, secondsToTrain, trainedFraction } from './progress.ts';
import { planOf, scheduleOf } from './testing.ts';
import type { BlockStanding } from './world.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const SCHEDULING = { policy: 'WorkStealing', bins: 2, passes: 'Independent' } as const;
const EPOCHS = 4;

/** Four blocks of cost 10 + 10 and 100 samples; a and c in bin 0, b and d in bin 1. */
const view = (changes: Partial<ProgressView> = {}): ProgressView => ({
  plan: planOf(NAMES, EPOCHS),
  schedule: scheduleOf(NAMES, SCHEDULING),
  blocks: [],
  workers: [],
  finished: false,
  ...changes,
});
const standing = (name: string, epoch: number, state: BlockStanding['state'] = 'Training'): BlockStanding => ({
  name,
  epoch,
  state,
});
const worker = (bin: number, blocks: readonly string[], changes: Partial<WorkerProgress> = {}): WorkerProgress => ({
  bin,
  pid: 1,
  state: 'Training',
  blocks,
  epoch: 1,
  step: 0,
  steps: 10,
  losses: {},
  imagesPerSecond: 50,
  updatedAt: 0,
  ...changes,
});

describe('trainedFraction', () => {
  it('counts epochs, and steps of the epoch under way', () => {
    expect(trainedFraction(view())).toBe(0);
    expect(trainedFraction(view({ blocks: [standing('a', 2)] }))).toBeCloseTo(2 / 16, 9);
    const workers = [worker(0, ['a'], { epoch: 3, step: 5 })];
    expect(trainedFraction(view({ blocks: [standing('a', 2)], workers }))).toBeCloseTo(2.5 / 16, 9);
  });

  it('does not count steps of an epoch that is on record already', () => {
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
  it('starts at 0, reaches 80 with the last block, and 100 only with the result', () => {
    const done = NAMES.map((name) => standing(name, EPOCHS, 'Done'));
    expect(percentDone({ blocks: [], workers: [], finished: false })).toBe(0);
    expect(percentDone(view())).toBe(2);
    expect(percentDone(view({ blocks: done }))).toBe(80);
    const finalizer = { stage: 'FineTune', epoch: 3, epochs: 6, updatedAt: 0 } as const;
    expect(percentDone(view({ blocks: done, finalizer }))).toBe(88);
    expect(percentDone(view({ blocks: done, finalizer: { stage: 'Export', epochs: 6, updatedAt: 0 } }))).toBe(99);
    expect(percentDone(view({ blocks: done, finished: true }))).toBe(100);
  });

  it('never falls as epochs are finished', () => {
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
          const percent = percentDone(view({ blocks }));
          expect(percent).toBeGreaterThanOrEqual(last);
          last = percent;
        }
        expect(last).toBe(80);
      }),
    );
  });
});

describe('secondsToTrain', () => {
  it('is unknown before a worker has told its speed, and 0 when all is trained', () => {
    expect(secondsToTrain(view())).toBeUndefined();
    expect(secondsToTrain(view({ workers: [worker(0, ['a'], { imagesPerSecond: 0 })] }))).toBeUndefined();
    expect(secondsToTrain(view({ blocks: NAMES.map((name) => standing(name, EPOCHS, 'Done')) }))).toBe(0);
  });

  it('is what the slowest worker still needs at its speed', () => {
    // 100 samples at 50 a second: 2 s an epoch and block; bin 0 has 4 + 4 epochs to go, bin 1, half as fast, 1 + 1.
    const blocks = [standing('b', 3), standing('d', 3)];
    const both = [worker(0, ['a']), worker(1, ['b'], { imagesPerSecond: 25, epoch: 4 })];
    expect(secondsToTrain(view({ blocks, workers: both }))).toBeCloseTo(16, 9);
    expect(
      secondsToTrain(view({ blocks: [standing('a', 3), standing('c', 3), ...blocks], workers: both })),
    ).toBeCloseTo(8, 9);
  });

  it('takes off the steps done of the pass under way', () => {
    expect(
      secondsToTrain(view({ workers: [worker(0, ['a'], { step: 5 }), worker(1, ['b'], { step: 5 })] })),
    ).toBeCloseTo(15, 9);
  });

  it('takes the usual speed for a worker that starts', () => {
    expect(secondsToTrain(view({ workers: [worker(1, ['b'])] }))).toBeCloseTo(16, 9);
  });

  it('counts a stolen block where it is trained', () => {
    const workers = [worker(0, ['a']), worker(1, ['c'])];
    const blocks = [standing('b', 4, 'Done'), standing('d', 4, 'Done')];
    expect(secondsToTrain(view({ blocks, workers }))).toBeCloseTo(8, 9);
  });

  it('knows that a fused pass trains all its blocks at once', () => {
    const schedule = scheduleOf(NAMES, { ...SCHEDULING, passes: 'Fused' });
    // A pass of two blocks costs 10 + 10 + 10; 100 samples at 50 a second take 2 s.
    const workers = [worker(0, ['a', 'c']), worker(1, ['b', 'd'])];
    expect(secondsToTrain(view({ schedule, workers }))).toBeCloseTo(8, 9);
  });
});
