import { figure, NOT_MEASURED, percent } from '@distillation/api/format';
import type { BlockReport, Report } from '@distillation/api/report';
import { barAxis } from './accuracy-chart.ts';
import { blockKey } from './block-key.ts';
import { type Html, html } from './html.ts';
import { linearScale, type Scale } from './scale.ts';

/** What each block left unexplained, as a bar: for blocks of one epoch, which have no curve. */
export function unexplainedChart(report: Report): Html {
  const { blocks } = report;
  const scale = linearScale([0, ...blocks.flatMap(({ unexplained }) => unexplained ?? [])], [0, 100]);
  return html`<ul class="key">
      ${blockKey(report)}
    </ul>
    <ol class="rows">
      ${blocks.map((block) => row(block, scale))} ${barAxis(scale)}
    </ol>`;
}

function row({ name, outcome, unexplained, selected, losses, probeLosses }: BlockReport, scale: Scale): Html {
  const [from, to] = [scale.at(0), scale.at(unexplained ?? 0)];
  const [loss, held] = [losses.at(-1), probeLosses.at(-1)];
  const title =
    loss === undefined || held === undefined
      ? ''
      : `training loss ${figure(loss)}, held-out mean squared error ${figure(held)}`;
  const state = outcome === 'Failed' ? 'failed' : NOT_MEASURED;
  return html`<li class="${selected ? 'selected' : 'unselected'}" title="${title}">
    <span class="name">${name}</span>
    <span class="track">
      ${scale.ticks.map((tick) => html`<i class="grid" style="left:${scale.at(tick)}%"></i>`)}
      ${unexplained !== undefined && html`<i class="bar ${selected ? 'student' : ''}" style="left:${from}%;width:${to - from}%"></i>`}
      ${unexplained === undefined && html`<span class="text">${state}</span>`}
    </span>
    <span class="number">${unexplained === undefined ? '–' : percent(unexplained, 1)}</span>
  </li>`;
}
