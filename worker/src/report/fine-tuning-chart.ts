import { figure, percent, plural } from '@distillation/api/format';
import type { Report } from '@distillation/api/report';
import { type Frame, type Point, axes, dots, epochScale, fixed, polyline } from './curves.ts';
import { type Html, html } from './html.ts';
import { linearScale } from './scale.ts';

const FRAME: Frame = { width: 440, height: 240, left: 50, right: 14, top: 20, bottom: 26 };

/** Validation accuracy from the assembled student (epoch 0) to the last epoch, and the loss; the selected epoch is marked. */
export function fineTuningCharts(report: Report): Html {
  const { epochs } = report.fineTuning;
  if (epochs.length === 0) return html`<p>${noFineTuning(report)}</p>`;
  return html`<div class="pair">${accuracyCurve(report)}${lossCurve(report)}</div>`;
}

function noFineTuning({ outcome, assembled }: Report): string {
  if (outcome !== 'StudentBuilt') return 'There was no student to fine-tune.';
  return `The student was not fine-tuned: it is as it was assembled, with a test accuracy of ${percent(assembled.testAccuracy)}.`;
}

function accuracyCurve({ fineTuning, assembled, teacher }: Report): Html {
  const measured = fineTuning.epochs.flatMap(({ epoch, validationAccuracy }): Point[] =>
    validationAccuracy === undefined ? [] : [{ epoch, value: validationAccuracy }],
  );
  const start = assembled.validationAccuracy;
  const points = [...(start === undefined ? [] : [{ epoch: 0, value: start }]), ...measured];
  if (points.length === 0)
    return html`<figure>
      <h3>Validation accuracy</h3>
      <figcaption>not measured</figcaption>
    </figure>`;
  const reference = teacher.validationAccuracy;
  const last = fineTuning.epochs.at(-1)?.epoch ?? 1;
  const x = epochScale(FRAME, 0, last);
  const y = linearScale(
    [...points.map(({ value }) => value), ...(reference === undefined ? [] : [reference])],
    [FRAME.height - FRAME.bottom, FRAME.top],
    4,
  );
  const kept = points.find(({ epoch }) => epoch === fineTuning.keptEpoch);
  return html`<figure>
    <h3>Validation accuracy</h3>
    <svg
      viewBox="0 0 ${FRAME.width} ${FRAME.height}"
      role="img"
      aria-label="${`Validation accuracy over ${plural(last, 'epoch')} of fine-tuning, ${percent(points[0]?.value)} to ${percent(points.at(-1)?.value)}`}"
    >
      ${axes({ frame: FRAME, x, y, epochs: [0, last], label: (value) => percent(value, 0) })}
      ${
        reference !== undefined &&
        html`<line
            class="line-dash"
            x1="${FRAME.left}"
            x2="${FRAME.width - FRAME.right}"
            y1="${fixed(y.at(reference))}"
            y2="${fixed(y.at(reference))}"
          />
          <text x="${FRAME.left + 6}" y="${fixed(y.at(reference) - 6)}">teacher ${percent(reference)}</text>`
      }
      ${polyline(points, { x, y, name: 'line' })} ${dots(points, { x, y, name: 'dot' })}
      ${kept !== undefined && keptMark(kept, { x: x(kept.epoch), y: y.at(kept.value), last })}
    </svg>
    <figcaption>Epoch 0 is the student as assembled. The ringed epoch is the student.</figcaption>
  </figure>`;
}

function keptMark(
  { epoch, value }: Point,
  at: { readonly x: number; readonly y: number; readonly last: number },
): Html {
  const anchor = epoch === 0 ? 'start' : epoch > at.last - 2 ? 'end' : 'middle';
  return html`<circle class="ring" r="5.5" cx="${fixed(at.x)}" cy="${fixed(at.y)}" />
    <text class="strong" x="${fixed(at.x)}" y="${fixed(at.y + 22)}" text-anchor="${anchor}">${percent(value)}</text>`;
}

function lossCurve({ fineTuning }: Report): Html {
  const points = fineTuning.epochs
    .map(({ epoch, loss }): Point => ({ epoch, value: loss }))
    .filter(({ value }) => Number.isFinite(value));
  if (points.length === 0) return html``;
  const last = points.at(-1)?.epoch ?? 1;
  const x = epochScale(FRAME, 0, last);
  const y = linearScale([0, ...points.map(({ value }) => value)], [FRAME.height - FRAME.bottom, FRAME.top], 4);
  return html`<figure>
    <h3>Training loss</h3>
    <svg
      viewBox="0 0 ${FRAME.width} ${FRAME.height}"
      role="img"
      aria-label="${`Fine-tuning loss over ${plural(last, 'epoch')}, ${figure(points[0]?.value ?? NaN)} to ${figure(points.at(-1)?.value ?? NaN)}`}"
    >
      ${axes({ frame: FRAME, x, y, epochs: [0, last], label: (value) => figure(value) })}
      ${polyline(points, { x, y, name: 'line' })} ${dots(points, { x, y, name: 'dot' })}
    </svg>
    <figcaption>Mean over each epoch, as trained on.</figcaption>
  </figure>`;
}
