import type { GanttBar } from '@distillation/api/report';
import { covered, type Span, unionOf } from './spans.ts';

/** The time line of bins and finalizer as it is drawn: passes joined into bars, long pauses cut out. Pure. */

/** Successive epochs of the same blocks on the same bin. */
export interface Run {
  readonly bin: number;
  /** In the order of the network; several when their passes were fused. */
  readonly blocks: readonly string[];
  /** Passes in order of time; `epoch` is the first block's. */
  readonly passes: readonly Pass[];
}

interface Pass extends Span {
  readonly epoch: number;
}

/** A span in which nothing worked, such as between a kill and the next start, or before it was finalized again. */
interface Pause {
  readonly from: number;
  readonly to: number;
}

export interface Timeline {
  readonly bins: readonly number[];
  readonly runs: readonly Run[];
  readonly pauses: readonly Pause[];
  /** When the finalizer worked; absent where its clock contradicts those of the bins. */
  readonly finalizer?: Span;
  /** Milliseconds from the first start to the last end of a bin, without the pauses. */
  readonly trained: number;
  /** Milliseconds shown: the same, to the end of the finalizer. */
  readonly total: number;
  /** Milliseconds from the first start to a moment of UNIX time, without the pauses. */
  readonly elapsed: (moment: number) => number;
}

interface PassOfBlocks extends Pass {
  readonly bin: number;
  readonly blocks: readonly string[];
}

/** When and for how long a job was finalized: fields of its report. */
export interface Finalizing {
  readonly seconds: number;
  /** ISO 8601. */
  readonly finishedAt: string;
}

/** @param order names of all blocks in the order of the network */
export function timelineOf(bars: readonly GanttBar[], order: readonly string[], finalizing: Finalizing): Timeline {
  const passes = passesOf(bars, order);
  const bins = [...new Set(passes.map(({ bin }) => bin))].sort((a, b) => a - b);
  const lastOfBins = Math.max(...passes.map(({ finishedAt }) => finishedAt));
  const finalizer = finalizerSpan(finalizing, lastOfBins);
  const pauses = pausesOf([...passes, ...finalizer]);
  const start = Math.min(...passes.map(({ startedAt }) => startedAt));
  const elapsed = (moment: number): number =>
    moment -
    start -
    pauses.reduce((cut, { from, to }) => cut + Math.max(0, Math.min(moment, to) - from) * Number(moment > from), 0);
  const [finalized] = finalizer;
  return {
    bins,
    runs: bins.flatMap((bin) => runsOf(passes.filter((pass) => pass.bin === bin))),
    pauses,
    elapsed,
    ...(finalized !== undefined && { finalizer: finalized }),
    trained: elapsed(lastOfBins),
    total: elapsed(finalized?.finishedAt ?? lastOfBins),
  };
}

/** It begins when the last bin has ended, whatever its seconds say: those of one that went on after a kill count the work before it, too. */
function finalizerSpan({ seconds, finishedAt: end }: Finalizing, lastOfBins: number): [Span] | [] {
  const finishedAt = Date.parse(end);
  const startedAt = Math.max(lastOfBins, finishedAt - 1000 * seconds);
  return finishedAt > startedAt ? [{ startedAt, finishedAt }] : [];
}

/** Bars of one bin with the same start are one fused pass; the blocks' records are written one after another at its end. */
function passesOf(bars: readonly GanttBar[], order: readonly string[]): PassOfBlocks[] {
  const groups = new Map<string, GanttBar[]>();
  for (const bar of bars) {
    const key = `${bar.bin}/${bar.startedAt}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [bar]);
    else group.push(bar);
  }
  const position = new Map(order.map((name, index) => [name, index]));
  const byDepth = (a: GanttBar, b: GanttBar): number => (position.get(a.block) ?? 0) - (position.get(b.block) ?? 0);
  return [...groups.values()]
    .map((group) => group.toSorted(byDepth))
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { bin, startedAt, epoch } = first;
      const finishedAt = Math.max(...group.map((bar) => bar.finishedAt));
      return [{ bin, startedAt, finishedAt, epoch, blocks: group.map(({ block }) => block) }];
    })
    .sort((a, b) => a.startedAt - b.startedAt);
}

function runsOf(passes: readonly PassOfBlocks[]): Run[] {
  const runs: { bin: number; blocks: readonly string[]; passes: Pass[] }[] = [];
  for (const { bin, blocks, ...pass } of passes) {
    const last = runs.at(-1);
    if (last?.blocks.join('\n') === blocks.join('\n')) last.passes.push(pass);
    else runs.push({ bin, blocks, passes: [pass] });
  }
  return runs;
}

/** Between two passes the results are written; a gap longer than this many milliseconds means that the worker waited or did not run. */
const LONGEST_BETWEEN_PASSES = 1000;

/** Splits a run where its worker did not work for more than a second, so that no bar spans idle time. */
export function barsOf(run: Run): Run[] {
  const bars: Pass[][] = [];
  for (const pass of run.passes) {
    const bar = bars.at(-1);
    const before = bar?.at(-1);
    if (bar !== undefined && before !== undefined && pass.startedAt - before.finishedAt <= LONGEST_BETWEEN_PASSES) {
      bar.push(pass);
    } else bars.push([pass]);
  }
  return bars.map((passes) => ({ ...run, passes }));
}

/** Gaps in the union of all work that are longer than a minute and than a tenth of the work itself. */
function pausesOf(worked: readonly Span[]): Pause[] {
  const stretches = unionOf(worked);
  const gaps = stretches.slice(1).map(({ startedAt }, i) => ({ from: stretches[i]?.finishedAt ?? 0, to: startedAt }));
  return gaps.filter(({ from, to }) => to - from > Math.max(60_000, covered(worked) / 10));
}
