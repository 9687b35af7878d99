import { figure } from '@distillation/api/format';
import { type Html, html } from './html.ts';
import type { Scale } from './scale.ts';

/** Shared by the line charts: a frame with axes, and curves over epochs. */

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A value after an epoch; curves may begin at epoch 0, before any training. */
export interface Point {
  readonly epoch: number;
  readonly value: number;
}

/** Position of an epoch on the horizontal axis. */
export function epochScale({ left, right, width }: Frame, first: number, last: number): (epoch: number) => number {
  const span = Math.max(1, last - first);
  // A single epoch is drawn in the middle.
  return (epoch) =>
    last === first ? (left + width - right) / 2 : left + ((epoch - first) / span) * (width - right - left);
}

interface Axes {
  readonly frame: Frame;
  readonly y: Scale;
  readonly x: (epoch: number) => number;
  readonly epochs: readonly [number, number];
  readonly label: (value: number) => string;
}

/** Horizontal grid lines with their values. */
export function gridlines({ frame, y, label }: Pick<Axes, 'frame' | 'y' | 'label'>): Html {
  const { left, right, width } = frame;
  return html`${y.ticks.map(
    (tick) =>
      html`<line
          class="gridline"
          x1="${left}"
          x2="${width - right}"
          y1="${fixed(y.at(tick))}"
          y2="${fixed(y.at(tick))}"
        />
        <text x="${left - 6}" y="${fixed(y.at(tick) + 4)}" text-anchor="end">${label(tick)}</text>`,
  )}`;
}

/** A mark below the horizontal axis. */
export const tickBelow = ({ height, bottom }: Frame, x: number, text: string | number): Html =>
  html`<text x="${fixed(x)}" y="${height - bottom + 16}" text-anchor="middle">${text}</text>`;

/** Horizontal grid lines with their values, and the epochs below. */
export function axes({ frame, y, x, epochs, label }: Axes): Html {
  return html`${gridlines({ frame, y, label })}
  ${epochTicks(...epochs).map((epoch) => tickBelow(frame, x(epoch), epoch))}`;
}

/** At most six epochs to label, the first and the last among them. */
function epochTicks(first: number, last: number): number[] {
  const step = Math.max(1, Math.ceil((last - first) / 5));
  const ticks: number[] = [];
  for (let epoch = first; epoch < last; epoch += step) if (last - epoch >= step || epoch === first) ticks.push(epoch);
  return [...ticks, last];
}

export function polyline(points: readonly Point[], at: { x: (epoch: number) => number; y: Scale; name: string }): Html {
  const path = points.map(({ epoch, value }) => `${fixed(at.x(epoch))},${fixed(at.y.at(value))}`).join(' ');
  return html`<polyline class="${at.name}" points="${path}" />`;
}

export function dots(points: readonly Point[], at: { x: (epoch: number) => number; y: Scale; name: string }): Html {
  // Many dots would hide the line.
  if (points.length > 24) return html``;
  return html`${points.map(
    ({ epoch, value }) =>
      html`<circle class="${at.name}" r="2.6" cx="${fixed(at.x(epoch))}" cy="${fixed(at.y.at(value))}"
        ><title>epoch ${epoch}: ${figure(value)}</title></circle
      >`,
  )}`;
}

/** Coordinates rounded to a tenth of a unit, which is not visible and keeps the page small. */
export const fixed = (value: number): string => String(Number(value.toFixed(1)));
