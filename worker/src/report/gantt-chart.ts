import { duration, percent, plural } from '@distillation/api/format';
import type { Report } from '@distillation/api/report';
import { type Html, html } from './html.ts';
import { covered, type Span } from './spans.ts';
import { barsOf, type Run, type Timeline, timelineOf } from './timeline.ts';

/**
 * The bins as a Gantt chart, as in the paper's Figure 6: one row per bin, one bar for blocks trained without a break, dashed lines
 * between epochs; and the finalizer, which works when they have ended.
 */
export function ganttChart({ gantt, blocks, fineTuning, time, provenance }: Report): Html {
  if (gantt.length === 0) return html`<p>No training was recorded.</p>`;
  const order = blocks.map(({ name }) => name);
  const timeline = timelineOf(gantt, order, { seconds: time.finalizeSeconds, finishedAt: provenance.finishedAt });
  const depthOf = (run: Run): number => {
    const positions = run.blocks.map((name) => Math.max(0, order.indexOf(name)));
    return positions.reduce((sum, position) => sum + position, 0) / positions.length / Math.max(1, order.length - 1);
  };
  return html`<ol class="rows gantt">
      ${timeline.bins.map((bin) => binRow(bin, timeline, depthOf))}
      ${timeline.finalizer !== undefined && finalizerRow(timeline.finalizer, timeline, fineTuning.epochs.length)}
      <li class="axis" aria-hidden="true">
        <span></span>
        <span class="track"
          >${timeTicks(timeline.total).map((at) => html`<span class="tick" style="left:${share(at, timeline)}%">${clock(at / 1000)}</span>`)}</span
        >
      </li>
    </ol>
    ${timeline.pauses.map(
      ({ from, to }) =>
        html`<p class="note">
          Cut out where the dotted line stands: ${duration((to - from) / 1000)} in which nothing was done for this
          student.
        </p>`,
    )}`;
}

function binRow(bin: number, timeline: Timeline, depthOf: (run: Run) => number): Html {
  const runs = timeline.runs.filter((run) => run.bin === bin);
  const busy = covered(runs.flatMap(({ passes }) => passes));
  return html`<li>
    <span class="name">bin ${bin}</span>
    <span class="track">
      ${runs.flatMap(barsOf).map((run) => bar(run, timeline, depthOf(run)))} ${pauseMarks(timeline)}
    </span>
    <span class="busy"
      >${runs.map((run) => runText(run, 'brief')).join('; ')} · busy ${duration(busy / 1000)}
      (${percent(busy / timeline.trained, 0)})</span
    >
  </li>`;
}

function finalizerRow({ startedAt, finishedAt }: Span, timeline: Timeline, epochs: number): Html {
  const did = epochs === 0 ? 'measured and assembled' : `measured, assembled, fine-tuned (${plural(epochs, 'epoch')})`;
  const width = share(finishedAt - startedAt, timeline);
  return html`<li>
    <span class="name">finalizer</span>
    <span class="track">
      <span
        class="run finalizer"
        style="left:${share(timeline.elapsed(startedAt), timeline)}%;width:${width}%"
        title="${did}, ${duration((finishedAt - startedAt) / 1000)}"
        ><span>${did}</span></span
      >
      ${pauseMarks(timeline)}
    </span>
    <span class="busy">${did} · busy ${duration((finishedAt - startedAt) / 1000)}</span>
  </li>`;
}

const pauseMarks = (timeline: Timeline): readonly Html[] =>
  timeline.pauses.map(
    ({ from }) => html`<i class="pause" style="left:${share(timeline.elapsed(from), timeline)}%"></i>`,
  );

function bar(run: Run, timeline: Timeline, depth: number): Html {
  const start = timeline.elapsed(run.passes[0]?.startedAt ?? 0);
  const end = timeline.elapsed(run.passes.at(-1)?.finishedAt ?? 0);
  const [only] = run.blocks;
  const label = run.blocks.length === 1 ? (only ?? '') : `${plural(run.blocks.length, 'block')}, fused`;
  const inner = run.passes
    .slice(1)
    .map(({ startedAt }) => (100 * (timeline.elapsed(startedAt) - start)) / Math.max(1, end - start));
  const box = `left:${share(start, timeline)}%;width:${share(end - start, timeline)}%;--depth:${depth.toFixed(2)}`;
  const wide = (end - start) / timeline.total > 0.03;
  return html`<span class="run" style="${box}" title="${runText(run, 'full')}, ${duration((end - start) / 1000)}"
    >${inner.map((at) => html`<i style="left:${at.toFixed(2)}%"></i>`)}${wide && html`<span>${label}</span>`}</span
  >`;
}

/** "a, b, c (epochs 1–4)": the full list for a bar's title, a shortened one for the line below the row. */
function runText({ blocks, passes }: Run, length: 'full' | 'brief'): string {
  const first = passes[0]?.epoch ?? 0;
  const last = passes.at(-1)?.epoch ?? first;
  const epochs = first === last ? `epoch ${first}` : `epochs ${first}–${last}`;
  const brief = `${plural(blocks.length, 'block')} from ${blocks[0] ?? ''} to ${blocks.at(-1) ?? ''}`;
  return `${length === 'full' || blocks.length < 3 ? blocks.join(', ') : brief} (${epochs})`;
}

const share = (milliseconds: number, { total }: Timeline): string =>
  ((100 * milliseconds) / Math.max(1, total)).toFixed(2);

/** Round steps for a time axis, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400] as const;

/** Ticks in milliseconds: round times, at most seven. */
export function timeTicks(total: number): number[] {
  const seconds = total / 1000;
  const step = STEPS.find((candidate) => seconds / candidate <= 6) ?? Math.ceil(seconds / 6 / 86_400) * 86_400;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step * 1000);
}

/** "0:30", "1:02:00". */
function clock(seconds: number): string {
  const pad = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const tail = pad(seconds % 60);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${tail}`;
  return `${Math.floor(seconds / 3600)}:${pad((seconds % 3600) / 60)}:${tail}`;
}
