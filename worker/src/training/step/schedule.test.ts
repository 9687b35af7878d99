import { describe, expect, it } from 'vitest';
import { learningRate } from './schedule.ts';

const at = (step: number): { step: number; totalSteps: number } => ({ step, totalSteps: 100 });

describe('learningRate', () => {
  it('falls along a cosine from the peak to zero', () => {
    const cosine = { type: 'Cosine', warmupSteps: 0 } as const;
    expect(learningRate(0.01, cosine, at(0))).toBeCloseTo(0.01, 12);
    expect(learningRate(0.01, cosine, at(50))).toBeCloseTo(0.005, 12);
    expect(learningRate(0.01, cosine, at(100))).toBeCloseTo(0, 12);
  });

  it('rises linearly during warm-up', () => {
    const warm = { type: 'Constant', warmupSteps: 4 } as const;
    expect([0, 1, 2, 3, 4, 50].map((step) => learningRate(1, warm, at(step)))).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
  });

  it('decays in stairs as the paper’s code does: x0.96 every 3,000 steps', () => {
    const paper = { type: 'Exponential', decayRate: '0.96', decaySteps: 3000, warmupSteps: 0 } as const;
    const rate = (step: number): number => learningRate(0.002, paper, { step, totalSteps: 1e6 });
    expect(rate(2999)).toBe(0.002);
    expect(rate(3000)).toBeCloseTo(0.00192, 12);
    expect(rate(6000)).toBeCloseTo(0.0018432, 12);
  });
});
