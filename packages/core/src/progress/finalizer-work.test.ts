import { describe, expect, it } from 'vitest';
import type { FinalizerProgress } from '@distillation/api/ledger';
import {
  controlWork,
  epochWork,
  type FinalizerPlan,
  type FinalizerSpec,
  finalizerWork,
  totalWork,
  workDone,
} from './finalizer-work.ts';

/** A teacher of 12, in which nothing follows the deepest block; its layers are replaced for 3 and 6 a step. */
const PLAN: FinalizerPlan = {
  blocks: [
    { name: 'a', cost: { prefix: 4, own: 3 } },
    { name: 'b', cost: { prefix: 12, own: 6 } },
  ],
  samples: { train: 1000, validation: 100, test: 200 },
  teacher: { macs: 1000, replacedMacs: 750 },
};
const SPEC: FinalizerSpec = {
  dataset: { labels: 'Used' },
  selection: { split: 'Validation' },
  fineTuning: { epochs: 5 },
};

describe('finalizerWork', () => {
  it('counts passes of teacher, replacements and student', () => {
    // The student's forward pass: 1 + 2 for the replacements, and a quarter of the teacher.
    expect(finalizerWork(PLAN, SPEC)).toEqual({
      // The teacher once, each replacement, and 8 behind `a`; then teacher and student.
      measure: 0.1 * (12 + 3 + 8) + 0.1 * (12 + 6),
      epochs: 5,
      training: 18,
      validation: 0.1 * 6,
      controlTraining: 0,
      controlValidation: 0,
      evaluate: 0.2 * (12 + 6 + 6),
    });
  });

  it.each<[string, Partial<FinalizerSpec>, object]>([
    ['selects on the training split', { selection: { split: 'Train' } }, { measure: 23 + 0.1 * 18 }],
    [
      'keeps a budget, for which students are measured too',
      { selection: { split: 'Validation', budget: { macs: '0.5' } } },
      { measure: 0.1 * 23 + 0.1 * 16 * 6 + 0.1 * 18 },
    ],
    [
      'keeps a budget of latency, for which more are measured',
      { selection: { split: 'Validation', budget: { latency: '0.5' } } },
      { measure: 0.1 * 23 + 0.1 * 24 * 6 + 0.1 * 18 },
    ],
    [
      'learns from the teacher’s logits',
      { fineTuning: { epochs: 5, teacherLogits: { weight: '1', temperature: '4' } } },
      { training: 30 },
    ],
    [
      'fine-tunes the teacher too',
      { fineTuning: { epochs: 5, control: 'Enabled' } },
      { controlTraining: 36, controlValidation: 0.1 * 12, evaluate: 0.2 * (12 + 6 + 6 + 12) },
    ],
    ['has no labels to score by', { dataset: { labels: 'None' } }, { measure: 0, validation: 0, evaluate: 0 }],
  ])('knows a job that %s', (_, change, work) => {
    expect(finalizerWork(PLAN, { ...SPEC, ...change })).toEqual({ ...finalizerWork(PLAN, SPEC), ...work });
  });

  it('assumes that no layer is kept if the plan does not say, and no work without data', () => {
    expect(finalizerWork({ ...PLAN, teacher: { macs: 1000 } }, SPEC).training).toBe(9);
    expect(totalWork(finalizerWork({ ...PLAN, samples: { train: 0, validation: 0, test: 0 } }, SPEC))).toBe(5 * 18);
  });
});

describe('workDone', () => {
  const work = finalizerWork(PLAN, SPEC);
  const after = (said: Partial<FinalizerProgress>): number =>
    workDone(work, { stage: 'FineTune', epochs: 5, updatedAt: 0, ...said });

  it('counts the finished stages, and the steps of the current one', () => {
    expect(workDone(work, undefined)).toBe(0);
    expect(after({ stage: 'Measure' })).toBe(0);
    expect(after({ stage: 'Measure', step: 1, steps: 4 })).toBeCloseTo(work.measure / 4, 9);
    expect(after({ epoch: 1, step: 0, steps: 8 })).toBeCloseTo(work.measure, 9);
    expect(after({ epoch: 3, step: 2, steps: 8 })).toBeCloseTo(work.measure + 2 * epochWork(work) + 18 / 4, 9);
    expect(after({ stage: 'Evaluate' })).toBeCloseTo(totalWork(work) - work.evaluate, 9);
    expect(after({ stage: 'Evaluate', step: 1, steps: 2 })).toBeCloseTo(totalWork(work) - work.evaluate / 2, 9);
    expect(after({ stage: 'Export' })).toBeCloseTo(totalWork(work), 9);
  });

  it('counts the epochs of a control after those of the student', () => {
    const both = finalizerWork(PLAN, { ...SPEC, fineTuning: { epochs: 5, control: 'Enabled' } });
    const at = (said: Partial<FinalizerProgress>): number =>
      workDone(both, { stage: 'Control', epochs: 5, updatedAt: 0, ...said });
    const tuned = both.measure + 5 * epochWork(both);
    expect(at({ epoch: 1, step: 0, steps: 8 })).toBeCloseTo(tuned, 9);
    expect(at({ epoch: 3, step: 2, steps: 8 })).toBeCloseTo(tuned + 2 * controlWork(both) + 36 / 4, 9);
    expect(at({ epoch: 9, step: 9, steps: 8 })).toBeCloseTo(totalWork(both) - both.evaluate, 9);
  });

  it('is never more than the total, whatever is reported', () => {
    expect(after({ epoch: 9, step: 9, steps: 8 })).toBeCloseTo(totalWork(work) - work.evaluate, 9);
    expect(after({ stage: 'Evaluate', step: 9, steps: 8 })).toBeCloseTo(totalWork(work), 9);
  });
});
