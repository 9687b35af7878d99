import type { GanttBar } from '@distillation/api/report';
import { describe, expect, it } from 'vitest';
import { timeTicks } from './gantt-chart.ts';
import { linearScale, logScale } from './scale.ts';
import { covered, unionOf } from './spans.ts';
import { barsOf, timelineOf } from './timeline.ts';

const bar = (
  bin: number,
  block: string,
  [epoch, startedAt, finishedAt]: readonly [number, number, number],
): GanttBar => ({
  bin,
  block,
  epoch,
  startedAt,
  finishedAt,
  ownSeconds: 1,
  prefixSeconds: 1,
  passBlocks: 1,
});

/** Of a finalizer whose clock says nothing that can be drawn. */
const NO_FINALIZER = { seconds: 1, finishedAt: '' };

describe('timelineOf', () => {
  it('puts the blocks of a fused pass together, in the order of the network, and passes to runs', () => {
    const { runs, bins } = timelineOf(
      [
        bar(1, 'b', [1, 1000, 2001]),
        bar(1, 'a', [1, 1000, 2000]),
        bar(1, 'a', [2, 2010, 3000]),
        bar(1, 'b', [2, 2010, 3001]),
        bar(1, 'b', [3, 3010, 3500]),
        bar(0, 'c', [1, 1000, 2000]),
      ],
      ['a', 'b', 'c'],
      NO_FINALIZER,
    );
    expect(bins).toEqual([0, 1]);
    expect(runs.map((run) => [run.bin, run.blocks, run.passes.length])).toEqual([
      [0, ['c'], 1],
      [1, ['a', 'b'], 2],
      [1, ['b'], 1],
    ]);
    expect(runs[1]?.passes.at(-1)).toEqual({ epoch: 2, startedAt: 2010, finishedAt: 3001 });
  });

  it('ends a bar where its worker was interrupted, and not for the time that a checkpoint takes', () => {
    const bars = [
      bar(0, 'a', [1, 0, 1500]),
      bar(0, 'a', [2, 1600, 3000]),
      bar(0, 'a', [3, 25_000, 26_400]),
      bar(0, 'a', [4, 26_410, 28_000]),
    ];
    const { runs, pauses, total } = timelineOf(bars, ['a'], NO_FINALIZER);
    expect([runs.length, pauses, total]).toEqual([1, [], 28_000]);
    expect(runs.flatMap(barsOf).map(({ passes }) => passes.map(({ epoch }) => epoch))).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('cuts out the time between a kill and the next start, not a short wait', () => {
    const night = 8 * 3_600_000;
    const { pauses, elapsed, total } = timelineOf(
      [
        bar(0, 'a', [1, 0, 100_000]),
        bar(1, 'b', [1, 5000, 120_000]),
        bar(0, 'a', [2, 120_000 + night, 220_000 + night]),
        bar(0, 'a', [3, 230_000 + night, 300_000 + night]),
      ],
      ['a', 'b'],
      NO_FINALIZER,
    );
    expect(pauses).toEqual([{ from: 120_000, to: 120_000 + night }]);
    expect(total).toBe(300_000);
    expect(elapsed(50_000)).toBe(50_000);
    expect(elapsed(120_000 + night / 2)).toBe(120_000);
    expect(elapsed(220_000 + night)).toBe(220_000);
  });

  describe('of the finalizer', () => {
    const ended = (seconds: number, at: number) =>
      timelineOf([bar(0, 'a', [1, 0, 100_000])], ['a'], { seconds, finishedAt: new Date(at).toISOString() });

    it('is after the bins, and counts to the whole', () => {
      expect(ended(50, 155_000)).toMatchObject({
        finalizer: { startedAt: 105_000, finishedAt: 155_000 },
        trained: 100_000,
        total: 155_000,
        pauses: [],
      });
    });

    it('begins with the end of the last bin at the earliest, though work before a kill counts to its seconds', () => {
      expect(ended(900, 155_000).finalizer).toEqual({ startedAt: 100_000, finishedAt: 155_000 });
    });

    it('cuts out the time before it was finalized again', () => {
      const day = 86_400_000;
      const { pauses, total } = ended(50, day);
      expect(pauses).toEqual([{ from: 100_000, to: day - 50_000 }]);
      expect(total).toBe(150_000);
    });

    it('is left out where its clock is behind that of the bins', () => {
      const { finalizer, total } = ended(50, 90_000);
      expect([finalizer, total]).toEqual([undefined, 100_000]);
    });
  });
});

describe('unionOf', () => {
  it('puts together what overlaps or touches, in whatever order, and counts no time twice', () => {
    const spans = [
      { startedAt: 50, finishedAt: 60 },
      { startedAt: 0, finishedAt: 30 },
      { startedAt: 5, finishedAt: 10 },
      { startedAt: 30, finishedAt: 40 },
    ];
    expect(unionOf(spans)).toEqual([
      { startedAt: 0, finishedAt: 40 },
      { startedAt: 50, finishedAt: 60 },
    ]);
    expect(covered(spans)).toBe(50);
    expect(covered([])).toBe(0);
    // The clock was set back between the two.
    expect(covered([{ startedAt: 100, finishedAt: 40 }])).toBe(0);
  });
});

describe('axes', () => {
  it('ends at round numbers around the values', () => {
    expect(linearScale([0.7612, 0.7902], [0, 100]).ticks).toEqual([0.76, 0.77, 0.78, 0.79, 0.8]);
    expect(linearScale([0.5, 0.5], [0, 100]).ticks.length).toBeGreaterThan(1);
    const { at } = linearScale([0, 10], [0, 100]);
    expect([at(0), at(5), at(10)]).toEqual([0, 50, 100]);
  });

  it('has a tick at each power of ten, or at both ends', () => {
    expect(logScale([0.003, 2], [100, 0]).ticks.map((tick) => Number(tick.toPrecision(3)))).toEqual([0.01, 0.1, 1]);
    expect(logScale([0.3, 0.5], [100, 0]).ticks.map((tick) => Number(tick.toPrecision(3)))).toEqual([0.3, 0.5]);
    const flat = logScale([0.5, 0.5], [100, 0]);
    expect(flat.at(0.5)).toBeCloseTo(50);
  });

  it('steps by round times, at most seven', () => {
    expect(timeTicks(148_000).map((ms) => ms / 1000)).toEqual([0, 30, 60, 90, 120]);
    for (const total of [1, 900, 61_000, 3.6e6, 9e7, 1e10]) expect(timeTicks(total).length).toBeLessThanOrEqual(7);
  });
});
