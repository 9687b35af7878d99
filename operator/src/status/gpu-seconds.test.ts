import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GpuSeconds, type GpuSecondsInput, gpuSecondsOf, isCountDue } from './gpu-seconds.ts';
import type { WirePod } from '@distillation/kube/wire';
import { childJob, endedPod, podOf, runningPod } from '../../test/simulated-cluster/objects.ts';

const START = Date.parse('2026-11-22T20:00:00Z');
const at = (seconds: number): Date => new Date(START + 1000 * seconds);
const time = (seconds: number): string => at(seconds).toISOString();
const worker = childJob('worker');

/** A pod's life, in seconds, which determines what the cluster shows of it at any time. */
interface Life {
  readonly start: number;
  readonly end: number;
  /** When it is deleted, if at all; not later than its end. */
  readonly told: number | undefined;
  /** When its object is gone, possibly before its end was observed. */
  readonly gone: number;
}

function podAt({ start, end, told, gone }: Life, name: string, now: number): WirePod[] {
  if (now >= gone) return [];
  const deleted = told !== undefined && now >= told ? { deleted: time(told + 30) } : {};
  if (now < start) return [podOf(worker, { name })];
  if (now < end) return [runningPod(worker, { name, state: { running: { startedAt: time(start) } }, ...deleted })];
  const terminated = { exitCode: 143, startedAt: time(start), finishedAt: time(end) };
  return [endedPod(worker, 143, { name, state: { terminated }, ...deleted })];
}

const life: fc.Arbitrary<Life> = fc
  .record({
    start: fc.nat(300),
    run: fc.integer({ min: 1, max: 120 }),
    grace: fc.option(fc.nat(30), { nil: undefined }),
    kept: fc.integer({ min: -20, max: 200 }),
  })
  .map(({ start, run, grace, kept }) => {
    const end = start + run;
    return {
      start,
      end,
      told: grace === undefined ? undefined : Math.max(start, end - grace),
      gone: Math.max(start, end + kept),
    };
  });

type Given = Partial<Omit<GpuSecondsInput, 'before'>> & { readonly before?: GpuSeconds | undefined };

function inputOf({ gpus = 1, pods = [], now = at(100), before, seconds }: Given): GpuSecondsInput {
  const known = { ...(before !== undefined && { before }), ...(seconds !== undefined && { seconds }) };
  return { gpus, pods, current: pods, now, ...known };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('the GPU-seconds that worker pods held', () => {
  it('are those of all pods, whenever they are deleted and whenever they are counted, and never decrease', () => {
    const looks = fc.array(fc.record({ after: fc.integer({ min: 0, max: 40 }), isWritten: fc.boolean() }), {
      maxLength: 60,
      size: 'max',
    });
    fc.assert(
      fc.property(fc.array(life, { maxLength: 8 }), looks, fc.integer({ min: 1, max: 4 }), (lives, steps, gpus) => {
        const seenEnded = new Set<Life>();
        let before: GpuSeconds | undefined;
        let now = 0;
        for (const { after, isWritten } of steps) {
          now += after;
          const pods = lives.flatMap((each, i) => podAt(each, `w-${i}`, now));
          for (const each of lives) if (now >= each.end && now < each.gone) seenEnded.add(each);
          const input = inputOf({ gpus, pods, now: at(now), before });
          const isCounted = isWritten || isCountDue(input);
          const counted = isCounted ? gpuSecondsOf(input) : before;
          // Count again, by the same operator or one that has just started.
          const again = inputOf({ ...input, before: counted });
          expect(isCountDue(again)).toBe(false);
          if (isCounted) expect(gpuSecondsOf(again)).toEqual(counted);

          const held = counted?.held ?? 0;
          const all = lives.map(({ start, end, gone }) => Math.max(0, Math.min(now, end, gone) - start));
          const seen = [...seenEnded].map(({ start, end }) => end - start);
          expect(held).toBeLessThanOrEqual(gpus * sum(all));
          expect(held).toBeGreaterThanOrEqual(gpus * sum(seen));
          expect(held).toBeGreaterThanOrEqual(before?.held ?? 0);
          before = counted;
        }
      }),
      { numRuns: 500 },
    );
  });

  const ended = podAt({ start: 0, end: 40, told: undefined, gone: 1000 }, 'w', 100);
  const counted: GpuSeconds = { held: 40, countTime: '2026-11-22T20:01:40Z', useful: 30, redone: 4, idle: 6 };

  it('are useful, redone or idle: once no worker runs, what no worker reports was idle', () => {
    const seconds = { useful: 30.4, redone: 4 };
    expect(gpuSecondsOf(inputOf({ pods: ended, seconds }))).toEqual(counted);
    const running = podAt({ start: 90, end: 500, told: undefined, gone: 1000 }, 'v', 110);
    const later = gpuSecondsOf(inputOf({ pods: [...ended, ...running], seconds, before: counted, now: at(110) }));
    expect(later).toEqual({ ...counted, held: 60, countTime: '2026-11-22T20:01:50Z' });
  });

  it('turn from useful to redone when an attempt is given up, without changing the sum', () => {
    const after = gpuSecondsOf(inputOf({ pods: ended, before: counted, seconds: { useful: 10, redone: 24 } }));
    expect(after).toEqual({ ...counted, useful: 10, redone: 24 });
    // A report on an earlier state of the volume.
    const old = gpuSecondsOf(inputOf({ pods: ended, before: counted, seconds: { useful: 5, redone: 0 } }));
    expect(old).toEqual(counted);
  });

  it('are at least what workers report, for example for the time without a running operator', () => {
    const after = gpuSecondsOf(inputOf({ pods: ended, before: counted, seconds: { useful: 90, redone: 4 } }));
    expect(after).toMatchObject({ held: 94, useful: 90, redone: 4, idle: 0 });
  });

  it('continue the count of an earlier version of the operator, which had no `held`', () => {
    const before = { useful: 100, redone: 10, idle: 5 };
    const running = podAt({ start: 90, end: 500, told: undefined, gone: 1000 }, 'v', 100);
    expect(gpuSecondsOf(inputOf({ pods: running, before }))).toMatchObject({ held: 115, useful: 100, redone: 10 });
  });

  it('do not decrease when a clock is behind', () => {
    const before = { held: 40, countTime: '2026-11-22T20:05:00Z', useful: 30, redone: 4 };
    const running = podAt({ start: 90, end: 500, told: undefined, gone: 1000 }, 'v', 110);
    expect(gpuSecondsOf(inputOf({ pods: running, before, now: at(110) }))).toMatchObject({
      held: 210,
      countTime: before.countTime,
    });
  });

  it('are undefined for a job without GPUs, or before any pod has run', () => {
    expect(gpuSecondsOf(inputOf({ gpus: 0, pods: ended }))).toBeUndefined();
    expect(gpuSecondsOf(inputOf({ pods: [podOf(worker)] }))).toBeUndefined();
  });
});
