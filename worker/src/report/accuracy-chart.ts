import { NOT_MEASURED, percent } from '@distillation/api/format';
import type { BlockReport, Report } from '@distillation/api/report';
import { blockKey, PART_WORDS, partOf } from './block-key.ts';
import { type Html, html } from './html.ts';
import { type Scale, linearScale } from './scale.ts';

/**
 * Each block's accuracy as a bar that begins at the threshold: its length is the margin, so that the cut axis does not mislead.
 * Without a threshold, bars begin at the teacher's own accuracy.
 */
export function accuracyChart(report: Report): Html {
  const { blocks, threshold } = report;
  const teacher = threshold?.split === 'Train' ? undefined : report.teacher.validationAccuracy;
  const base = threshold?.accuracy ?? teacher;
  const measured = blocks.flatMap(({ accuracy }) => (accuracy === undefined ? [] : [accuracy]));
  const marks = [...measured, ...(base === undefined ? [] : [base]), ...(teacher === undefined ? [] : [teacher])];
  if (base === undefined || measured.length === 0) {
    const why = report.plan.dataset.labelled ? '' : ' Without labels there is nothing to measure them by.';
    return html`<p>The blocks’ accuracies: ${NOT_MEASURED}.${why}</p>`;
  }
  const scale = linearScale(marks, [0, 100]);
  return html`<ul class="key">
      ${blockKey(report)}
      ${threshold !== undefined && html`<li class="k-rule">threshold ${percent(threshold.accuracy)}</li>`}
      ${teacher !== undefined && html`<li class="k-rule-dash">teacher ${percent(teacher)}</li>`}
    </ul>
    <ol class="rows">
      ${blocks.map((block) => row(block, { scale, base, teacher, part: PART_WORDS[partOf(report, block)] }))}
      ${barAxis(scale)}
    </ol>`;
}

interface Row {
  readonly scale: Scale;
  readonly base: number;
  readonly teacher: number | undefined;
  /** The block's part in the student, in words. */
  readonly part: string;
}

function row({ name, accuracy, selected, reason }: BlockReport, { scale, base, teacher, part }: Row): Html {
  const from = scale.at(base);
  const to = accuracy === undefined ? from : scale.at(accuracy);
  const bar = `left:${Math.min(from, to)}%;width:${Math.abs(to - from)}%`;
  return html`<li class="${selected ? 'selected' : 'unselected'}" title="${reason}">
    <span class="name">${name}</span>
    <span class="track">
      ${scale.ticks.map((tick) => html`<i class="grid" style="left:${scale.at(tick)}%"></i>`)}
      ${accuracy !== undefined && html`<i class="bar ${selected ? 'student' : ''}" style="${bar}"></i>`}
      ${teacher !== undefined && html`<i class="rule-dash" style="left:${scale.at(teacher)}%"></i>`}
      <i class="rule" style="left:${from}%"></i>
      ${accuracy === undefined && html`<span class="text">${NOT_MEASURED}</span>`}
    </span>
    <span class="number">${accuracy === undefined ? '–' : percent(accuracy)}<span class="hidden">, ${part}</span></span>
  </li>`;
}

/** The last row below bars: the ticks of their scale, which is of fractions on 0..100. */
export const barAxis = (scale: Scale): Html =>
  html`<li class="axis" aria-hidden="true">
    <span></span>
    <span class="track"
      >${scale.ticks.map((tick) => html`<span class="tick" style="left:${scale.at(tick)}%">${axisLabel(tick, scale.ticks)}</span>`)}</span
    >
    <span></span>
  </li>`;

/** With as many digits as the distance between two ticks needs. */
function axisLabel(tick: number, ticks: readonly number[]): string {
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  return percent(tick, Math.max(0, Math.ceil(-Math.log10(step * 100) - 1e-9)));
}
