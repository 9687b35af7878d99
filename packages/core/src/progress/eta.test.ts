import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FinalizerProgress } from '@distillation/api/ledger';
import { FINALIZER_STAGES } from '@distillation/api/words';
import { secondsLeft, secondsToFinalize, secondsToTrain } from './eta.ts';
import { epochWork, finalizerWork, totalWork } from './finalizer-work.ts';
import { percentDone } from './percent.ts';
import { planOf, scheduleOf } from '../../test/job.ts';
import { lives } from '../../test/lives.ts';
import { EPOCHS, LABELLED, lifeOf, NAMES, SCHEDULING, standing, viewOf as view, worker } from '../../test/progress.ts';

describe('secondsToTrain', () => {
  it('is unknown before a worker has reported its speed, and 0 when everything is trained', () => {
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

  it('subtracts the finished steps of the current pass', () => {
    expect(
      secondsToTrain(view({ workers: [worker(0, ['a'], { step: 5 }), worker(1, ['b'], { step: 5 })] })),
    ).toBeCloseTo(15, 9);
  });

  it('assumes the mean speed for a worker that is starting', () => {
    expect(secondsToTrain(view({ workers: [worker(1, ['b'])] }))).toBeCloseTo(16, 9);
  });

  it('counts a stolen block where it is trained', () => {
    const workers = [worker(0, ['a']), worker(1, ['c'])];
    const blocks = [standing('b', 4, 'Done'), standing('d', 4, 'Done')];
    expect(secondsToTrain(view({ blocks, workers }))).toBeCloseTo(8, 9);
  });

  it('accounts for fused passes, which train all their blocks together', () => {
    const schedule = { ...scheduleOf(NAMES, { ...SCHEDULING, passes: 'Fused' }), makespan: 120 };
    // A pass of two blocks costs 10 + 10 + 10; 100 samples at 50 a second take 2 s.
    const workers = [worker(0, ['a', 'c']), worker(1, ['b', 'd'])];
    expect(secondsToTrain(view({ schedule, workers }))).toBeCloseTo(8, 9);
  });

  it('does not subtract a pass twice once it is recorded', () => {
    const workers = [worker(0, ['a'], { step: 10 }), worker(1, ['b'], { step: 10 })];
    // Of the first of eight epochs each, the last hundredth counts until the epoch is recorded.
    expect(secondsToTrain(view({ workers }))).toBeCloseTo(14.02, 9);
    expect(secondsToTrain(view({ workers, blocks: [standing('a', 1), standing('b', 1)] }))).toBeCloseTo(14, 9);
  });

  it('uses the recorded epochs while no worker reports its speed, and costs in seconds before there are any', () => {
    const blocks = [standing('a', 2), standing('b', 2)];
    const seconds = { useful: 8, redone: 5 };
    expect(secondsToTrain(view({ blocks, seconds }))).toBeCloseTo(12, 9);
    expect(secondsToTrain(view({ plan: { ...planOf(NAMES, EPOCHS), costUnit: 'Second' } }))).toBeCloseTo(160, 9);
  });
});

const blocks = NAMES.map((name) => standing(name, EPOCHS, 'Done'));

describe('secondsToFinalize', () => {
  const spec = LABELLED;
  const work = finalizerWork(planOf(NAMES, EPOCHS), spec);
  // 320 in 64 s of worker time: 5 a second.
  const trained = view({ spec, blocks, seconds: { useful: 64, redone: 0 } });
  const saying = (said: Partial<FinalizerProgress>): number | undefined =>
    secondsToFinalize({ ...trained, finalizer: { stage: 'FineTune', epochs: 3, updatedAt: 0, ...said } });

  it('assumes the speed of training before and while it measures', () => {
    expect(secondsToFinalize(trained)).toBeCloseTo(totalWork(work) / 5, 9);
    expect(saying({ stage: 'Measure' })).toBeCloseTo(totalWork(work) / 5, 9);
    expect(saying({ stage: 'Measure', step: 1, steps: 2, seconds: 100 })).toBeCloseTo(
      (totalWork(work) - work.measure / 2) / 5,
      9,
    );
  });

  it('uses the speed of running workers before there is a recorded epoch', () => {
    // 20 in 2 s, and 20 in 4 s.
    const workers = [worker(0, ['a']), worker(1, ['b'], { imagesPerSecond: 25 })];
    expect(secondsToFinalize(view({ spec, workers }))).toBeCloseTo(totalWork(work) / 7.5, 9);
  });

  it('uses its own epochs as soon as there is one, and the steps of the first', () => {
    const end = work.evaluate / epochWork(work);
    expect(saying({ epoch: 2, step: 0, steps: 10, seconds: 0, epochSeconds: 30 })).toBeCloseTo(30 * (2 + end), 9);
    // Two and a half epochs in 90 s.
    const half = epochWork(work) / 2 / work.training;
    expect(saying({ epoch: 3, step: half, steps: 1, seconds: 30, epochSeconds: 30 })).toBeCloseTo(36 * (0.5 + end), 9);
    // Half of the first took 10 s; the other is expected to take as long as it would in training.
    const first = 10 + epochWork(work) / 2 / 5;
    expect(saying({ epoch: 1, step: half, steps: 1, seconds: 10 })).toBeCloseTo(first * (2.5 + end), 9);
    expect(saying({ stage: 'Evaluate', step: 1, steps: 2, epochSeconds: 30 })).toBeCloseTo(15 * end, 9);
  });

  it('uses the current stage when nothing else is known, and is unknown before that has begun', () => {
    const alone = (said: Partial<FinalizerProgress>): number | undefined =>
      secondsToFinalize(view({ spec, blocks, finalizer: { stage: 'Measure', epochs: 3, updatedAt: 0, ...said } }));
    expect(alone({})).toBeUndefined();
    expect(alone({ step: 0, steps: 4, seconds: 0 })).toBeUndefined();
    expect(alone({ step: 1, steps: 4, seconds: 2 })).toBeCloseTo(
      (8 * (totalWork(work) - work.measure / 4)) / work.measure,
      9,
    );
  });
});

describe('secondsLeft', () => {
  it('is unknown while a part of it is, and never 0 before the end', () => {
    expect(secondsLeft(view())).toBeUndefined();
    expect(secondsLeft(view({ spec: LABELLED, blocks }))).toBeUndefined();
    const finalizer = { stage: 'Export', epochs: 3, updatedAt: 0 } as const;
    expect(secondsLeft(view({ spec: LABELLED, blocks, finalizer }))).toBe(1);
  });

  it('decreases by a second per second, from the first steps to the end, in a job of constant speed', () => {
    fc.assert(
      fc.property(lives, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (life, part) => {
        const { at, end, work } = lifeOf({ ...life, tuningSpeed: life.speed });
        // An epoch's validation goes on without steps, and so does the last hundredth of a pass.
        const deepest = Math.max(...life.plan.blocks.map(({ cost }) => cost.prefix));
        const owns = life.plan.blocks.reduce((sum, { cost }) => sum + cost.own, 0);
        const unseen = (work.validation + 0.011 * (deepest + owns) + 0.001 * totalWork(work)) / life.speed;
        const left = secondsLeft(at(end * part)) ?? NaN;
        expect(Math.abs(left - Math.max(1, end * (1 - part)))).toBeLessThanOrEqual(unseen + 1e-6 * end);
      }),
    );
  });

  it('knows the finalizer’s own speed from its second epoch on', () => {
    fc.assert(
      fc.property(lives, fc.double({ min: 0.01, max: 0.999, noNaN: true }), (life, part) => {
        const { at, end, trained, work } = lifeOf(life);
        const second = trained + (work.measure + epochWork(work)) / life.tuningSpeed;
        fc.pre(work.epochs > 1);
        const time = second + (end - second) * part;
        const unseen = (work.validation + 0.001 * totalWork(work)) / life.tuningSpeed;
        expect(Math.abs((secondsLeft(at(time)) ?? NaN) - Math.max(1, end - time))).toBeLessThanOrEqual(
          unseen + 1e-6 * end,
        );
      }),
    );
  });

  it('is finite and at least 1 whatever the pods say', () => {
    const count = fc.nat(12);
    const amount = fc.oneof(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), fc.constant(0));
    const told = fc.record({
      bin: count,
      blocks: fc.subarray(NAMES),
      epoch: count,
      step: count,
      steps: count,
      imagesPerSecond: fc.double({ min: 0, max: 1e9, noNaN: true }),
    });
    const said = fc.record<Partial<FinalizerProgress>>(
      {
        stage: fc.constantFrom(...FINALIZER_STAGES),
        epoch: count,
        step: count,
        steps: count,
        seconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
        epochSeconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
      },
      { requiredKeys: ['stage'] },
    );
    const stood = fc.tuple(count, fc.constantFrom('Pending', 'Training', 'Done', 'Failed'));
    fc.assert(
      fc.property(
        fc.record({
          workers: fc.array(told, { maxLength: 3 }),
          finalizer: fc.option(said, { nil: undefined }),
          stands: fc.array(stood, { maxLength: NAMES.length }),
          useful: fc.option(amount, { nil: undefined }),
        }),
        ({ workers, finalizer, stands, useful }) => {
          const odd = view({
            spec: LABELLED,
            workers: workers.map(({ bin, blocks: held, ...more }) => worker(bin, held, more)),
            blocks: stands.map(([epoch, state], i) => standing(NAMES[i] ?? '', epoch, state)),
            ...(finalizer !== undefined && {
              finalizer: { stage: 'Measure', epochs: 3, updatedAt: 0, ...finalizer },
            }),
            ...(useful !== undefined && { seconds: { useful, redone: 0 } }),
          });
          const left = secondsLeft(odd);
          if (left !== undefined) expect(Number.isFinite(left) && left >= 1, String(left)).toBe(true);
          const percent = percentDone(odd);
          expect(Number.isInteger(percent) && percent >= 0 && percent <= 99, String(percent)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
