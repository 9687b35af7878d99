import { describe, expect, it } from 'vitest';
import { blockName, candidateName, candidatesOf } from './candidates.ts';

describe('candidatesOf', () => {
  it('is one low-rank block where the manifest says nothing', () => {
    expect(candidatesOf({})).toEqual([{ architecture: 'LowRank', ratio: '0.375' }]);
  });

  it('is the one architecture, or each of the list, with the ratio of low-rank ones', () => {
    expect(candidatesOf({ architecture: 'TwoLayer' })).toEqual([{ architecture: 'TwoLayer' }]);
    expect(
      candidatesOf({ candidates: [{ architecture: 'ThreeLayer' }, { architecture: 'LowRank', ratio: '0.5' }] }),
    ).toEqual([{ architecture: 'ThreeLayer' }, { architecture: 'LowRank', ratio: '0.5' }]);
  });
});

describe('blockName', () => {
  const [low, two] = [{ architecture: 'LowRank', ratio: '0.5' } as const, { architecture: 'TwoLayer' } as const];

  it('is the layer’s where a job has one candidate, and tells several apart', () => {
    expect(blockName('conv', low, [low])).toBe('conv');
    expect([low, two].map((each) => blockName('conv', each, [low, two]))).toEqual([
      'conv@LowRank-0.5',
      'conv@TwoLayer',
    ]);
    expect(candidateName(two)).toBe('TwoLayer');
  });
});
