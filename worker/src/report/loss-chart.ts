import { figure, percent, plural } from '@distillation/api/format';
import type { BlockReport, Report } from '@distillation/api/report';
import { type Frame, type Point, axes, dots, epochScale, polyline } from './curves.ts';
import { type Html, html } from './html.ts';
import { logScale } from './scale.ts';
import { unexplainedChart } from './unexplained-chart.ts';

const FRAME: Frame = { width: 200, height: 128, left: 42, right: 6, top: 8, bottom: 22 };

/**
 * A small chart for each block: training and held-out loss by epoch, each on a logarithmic axis of its own. Where there is but one epoch, one
 * chart of what is left unexplained.
 */
export function lossCharts(report: Report): Html {
  const { blocks, plan } = report;
  const epochs = Math.max(plan.epochs, ...blocks.map(({ losses }) => losses.length));
  if (epochs === 1) return unexplainedChart(report);
  return html`<ul class="key">
      <li class="k-line">training, as trained on</li>
      <li class="k-dash">held out, mean squared error</li>
    </ul>
    <div class="multiples">${blocks.map((block) => lossChart(block, epochs))}</div>`;
}

function lossChart(block: BlockReport, epochs: number): Html {
  const training = pointsOf(block.losses);
  const held = pointsOf(block.probeLosses);
  const caption = html`<figcaption>
    <h3>${block.name}</h3>
    ${captionOf(block)}
  </figcaption>`;
  const style = block.outcome === 'Failed' ? 'dead' : '';
  if (training.length + held.length === 0) return html`<figure class="${style}">${caption}</figure>`;
  const x = epochScale(FRAME, 1, epochs);
  const y = logScale(
    [...training, ...held].map(({ value }) => value),
    [FRAME.height - FRAME.bottom, FRAME.top],
  );
  const label = `Losses of ${block.name} over ${plural(block.losses.length, 'epoch')}, training from ${figure(block.losses[0] ?? NaN)} to ${figure(block.losses.at(-1) ?? NaN)}`;
  return html`<figure class="${style}">
    ${caption}
    <svg viewBox="0 0 ${FRAME.width} ${FRAME.height}" role="img" aria-label="${label}">
      ${axes({ frame: FRAME, x, y, epochs: [1, epochs], label: lossLabel })}
      ${polyline(held, { x, y, name: 'line-dash' })} ${polyline(training, { x, y, name: 'line' })}
      ${dots(held, { x, y, name: 'dot-soft' })} ${dots(training, { x, y, name: 'dot' })}
    </svg>
  </figure>`;
}

/** Losses as points; values that a logarithmic axis cannot show (zero or not finite) are left out. */
function pointsOf(losses: readonly number[]): Point[] {
  return losses
    .map((value, index) => ({ epoch: index + 1, value }))
    .filter(({ value }) => Number.isFinite(value) && value > 0);
}

function captionOf({ outcome, epochs, unexplained }: BlockReport): string {
  const rest = unexplained === undefined ? [] : [`${percent(unexplained, 1)} unexplained`];
  const state = { Failed: ['failed'], StoppedEarly: [`stopped after ${epochs}`], Trained: [] }[outcome];
  return [...state, ...rest].join(' · ') || 'unexplained: not measured';
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Powers of ten as such, other values with two significant digits. */
function lossLabel(value: number): string {
  const power = Math.round(Math.log10(value));
  if (Math.abs(Math.log10(value) - power) > 1e-9) {
    return value < 0.01 || value >= 1000 ? value.toExponential(1) : String(Number(value.toPrecision(2)));
  }
  if (power >= -2 && power <= 2) return String(Number((10 ** power).toPrecision(1)));
  const digits = String(Math.abs(power)).replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)] ?? '');
  return `10${power < 0 ? '⁻' : ''}${digits}`;
}
