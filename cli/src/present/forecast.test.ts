import { parseManifest } from '@distillation/api/manifest';
import type { SchedulingSpec } from '@distillation/api/job';
import { expect, it } from 'vitest';
import { forecasts, forecastTable } from './forecast.ts';

const { spec } = parseManifest(
  JSON.stringify({
    apiVersion: 'distillation.dev/v1alpha1',
    kind: 'DistillationJob',
    metadata: { name: 'x' },
    spec: { teacher: { path: 't' }, dataset: { path: 'd' }, outputs: { path: 'o' } },
  }),
  'x',
);
const scheduling = (change: Partial<SchedulingSpec>): SchedulingSpec => ({ ...spec.scheduling, ...change });

/** Four equal blocks without a prefix: bins divide the time exactly. */
const even = {
  epochs: 2,
  costUnit: 'Second' as const,
  blocks: ['a', 'b', 'c', 'd'].map((name) => ({ name, cost: { prefix: 0, own: 30 } })) as never,
};

it('expects equal blocks on twice the workers in half the time', () => {
  const rows = forecasts(even, scheduling({ bins: 2, policy: 'BinPacking' }));
  expect(rows.map(({ bins, makespan }) => [bins, makespan])).toEqual([
    [1, 240],
    [2, 120],
    [3, 120],
    [4, 60],
  ]);
  // On three bins one trains two blocks; the other two are done at half of the time.
  expect(rows.map(({ busy }) => busy)).toEqual([1, 1, 2 / 3, 1]);
});

it('counts bins that end early or have no block as idle', () => {
  const uneven = {
    ...even,
    blocks: [230, 146, 133].map((own, i) => ({ name: `b${i}`, cost: { prefix: 0, own } })) as never,
  };
  const busyOn = (bins: number): number | undefined =>
    forecasts(uneven, scheduling({ bins, policy: 'BinPacking' })).find((row) => row.bins === bins)?.busy;
  expect(busyOn(3)).toBeCloseTo(509 / 690, 12);
  expect(busyOn(40)).toBeCloseTo(509 / 230 / 40, 12);
});

it('counts a prefix once a bin when passes are fused, else once a block', () => {
  const deep = { ...even, blocks: ['a', 'b'].map((name) => ({ name, cost: { prefix: 50, own: 10 } })) as never };
  const one = (passes: SchedulingSpec['passes']): number | undefined =>
    forecasts(deep, scheduling({ bins: 1, passes }))[0]?.makespan;
  expect(one('Fused')).toBe(2 * 70);
  expect(one('Independent')).toBe(2 * 120);
});

it('marks the job’s own number of bins, also one that is not among the usual or more than there are blocks', () => {
  expect(forecastTable(even, scheduling({ bins: 5, policy: 'BinPacking' })).split('\n')).toEqual([
    'bins  expected time  speed-up   busy',
    '   1     4 min 00 s     1.00×  100 %',
    '   2     2 min 00 s     2.00×  100 %',
    '   3     2 min 00 s     2.00×   67 %',
    '   4     1 min 00 s     4.00×  100 %',
    '   5     1 min 00 s     4.00×   80 %  this job',
  ]);
});
