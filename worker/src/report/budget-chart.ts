import { figure, NOT_MEASURED, percent, plural } from '@distillation/api/format';
import type { BudgetReport, CurvePoint, Report } from '@distillation/api/report';
import { type Frame, fixed, gridlines, polyline, tickBelow } from './curves.ts';
import { type Html, html } from './html.ts';
import { linearScale, type Scale } from './scale.ts';

const FRAME: Frame = { width: 440, height: 260, left: 50, right: 18, top: 20, bottom: 44 };

/** Of each cost its title, and what a student has of it and what its teacher, in the same unit. */
const COSTS: Readonly<Record<Measure, { readonly title: string; readonly of: CostOf; readonly whole: WholeOf }>> = {
  macs: { title: 'multiply-accumulates', of: ({ macs }) => macs, whole: ({ teacher }) => teacher.macs },
  parameters: { title: 'parameters', of: ({ params }) => params, whole: ({ teacher }) => teacher.params },
  latency: {
    title: 'latency',
    of: ({ latencyMs = NaN }) => latencyMs,
    whole: ({ selection }) => selection?.latency?.teacherMs ?? 0,
  },
};
type CostOf = (student: Student) => number;
type WholeOf = (report: Report) => number;
type Measure = CurvePoint['measure'];
type Student = BudgetReport['considered'][number] | CurvePoint;

/**
 * The student of the least predicted divergence for each budget, as assembled: its accuracy (without labels, its divergence from the teacher) against what it costs,
 * with the student that was chosen. Undefined for a selection by another rule.
 */
export function budgetCharts(report: Report): Html | undefined {
  const { selection } = report;
  if (selection === undefined) return undefined;
  const charts = (['latency', 'macs', 'parameters'] as const).flatMap(
    (measure) => chart(selection, measure, COSTS[measure].whole(report)) ?? [],
  );
  if (charts.length === 0)
    return html`<p>No candidate is cheaper than its layer: there is one student, the teacher.</p>`;
  return html`<ul class="key">
      <li class="k-line">for each budget the student predicted closest to the teacher, as assembled</li>
      <li class="k-dash">the budget</li>
    </ul>
    <div class="pair">${charts}</div>`;
}

/** By which students are told apart. */
export const keyOf = ({ blocks }: Student): string => blocks.join('\n');

/** Whether students are compared by accuracy; without labels it is by divergence. */
export const byAccuracy = ({ curve }: BudgetReport): boolean => curve.every(({ accuracy }) => accuracy !== undefined);

interface Point {
  readonly share: number;
  readonly value: number;
  readonly student: Student;
}

/** @param whole the teacher's cost */
function chart(selection: BudgetReport, measure: Measure, whole: number): Html | undefined {
  const { title, of } = COSTS[measure];
  const curve = selection.curve.filter((point) => point.measure === measure);
  const hasLabels = byAccuracy(selection);
  const pointOf = (student: Student): Point[] => {
    const value = hasLabels ? student.accuracy : student.divergence;
    return value === undefined || whole <= 0 ? [] : [{ share: of(student) / whole, value, student }];
  };
  const points = [...new Map(curve.flatMap(pointOf).map((point) => [keyOf(point.student), point])).values()];
  const [chosen] = selection.considered.filter((student) => student.chosen).flatMap(pointOf);
  const all = [...points, ...(chosen === undefined ? [] : [chosen])];
  if (points.length === 0) return undefined;
  points.sort((a, b) => a.share - b.share);
  const budget = selection.budget[measure];
  const { left, right, width, height, top, bottom } = FRAME;
  const x = linearScale(
    [...all.map(({ share }) => share), ...(budget === undefined ? [] : [Number(budget)])],
    [left, width - right],
    6,
  );
  const values = all.map(({ value }) => value);
  const least = Math.min(...values);
  // Where all are alike, a band of two points below them shows it.
  const flat = hasLabels && least === Math.max(...values) ? [least - 0.02] : [];
  const y = linearScale([...values, ...flat], [height - bottom, top], 4);
  const text = (value: number): string => (hasLabels ? percent(value, 1) : figure(value));
  const [first, last] = [points[0], points.at(-1)];
  return html`<figure>
    <h3>${hasLabels ? 'Accuracy' : 'Divergence from the teacher, nats,'} against ${title}</h3>
    <svg
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label="${`${plural(points.length, 'student')}, from ${text(first?.value ?? 0)} at ${percent(first?.share, 0)} of the teacher’s ${title} to ${text(last?.value ?? 0)} at ${percent(last?.share, 0)}`}"
    >
      ${grid({ x, y, text })}
      ${
        budget !== undefined &&
        html`<line
          class="line-dash"
          x1="${fixed(x.at(Number(budget)))}"
          x2="${fixed(x.at(Number(budget)))}"
          y1="${top}"
          y2="${height - bottom}"
        />`
      }
      ${polyline(
        points.map(({ share, value }) => ({ epoch: share, value })),
        { x: x.at, y, name: 'line' },
      )}
      ${points.map(
        ({ share, value, student }) =>
          html`<circle class="dot" r="3" cx="${fixed(x.at(share))}" cy="${fixed(y.at(value))}"
            ><title>${titleOf(student, { share, value: text(value), title })}</title></circle
          >`,
      )}
      ${chosen !== undefined && chosenMark(chosen, { x, y, text, rises: hasLabels })}
      <text x="${(left + width - right) / 2}" y="${height - 6}" text-anchor="middle">
        share of the teacher’s ${title}
      </text>
    </svg>
    <figcaption>
      Before fine-tuning, on the ${selection.split.toLowerCase()} split. The ringed student was chosen.
    </figcaption>
  </figure>`;
}

interface Axes {
  readonly x: Scale;
  readonly y: Scale;
  readonly text: (value: number) => string;
}

function grid({ x, y, text }: Axes): Html {
  return html`${gridlines({ frame: FRAME, y, label: text })}
  ${x.ticks.map((tick) => tickBelow(FRAME, x.at(tick), percent(tick, 0)))}`;
}

/** Its figure stands to the left, where neither the curve nor the budget is: above what rises, below what falls. */
function chosenMark({ share, value }: Point, { x, y, text, rises }: Axes & { readonly rises: boolean }): Html {
  const [cx, cy] = [x.at(share), y.at(value)];
  const hasRoom = cx - FRAME.left > 56;
  return html`<circle class="ring" r="5.5" cx="${fixed(cx)}" cy="${fixed(cy)}" />
    <text
      class="strong"
      x="${fixed(hasRoom ? cx - 9 : Math.max(cx - 9, FRAME.left))}"
      y="${fixed(rises ? cy - 9 : cy + 18)}"
      text-anchor="${hasRoom ? 'end' : 'start'}"
      >${text(value)}</text
    >`;
}

function titleOf(
  { blocks }: Student,
  { share, value, title }: { share: number; value: string; title: string },
): string {
  const what = blocks.length === 0 ? 'the teacher' : `${plural(blocks.length, 'block')} (${blocks.join(', ')})`;
  return `${value} at ${percent(share, 1)} of the ${title}: ${what}`;
}

/** What the charts show, in a sentence or two. */
export function budgetText({ selection }: Report): string {
  const students = new Set((selection?.curve ?? []).map(keyOf)).size;
  return `For each of a ladder of budgets, the blocks that together diverge least from the teacher: ${plural(students, 'student')}. Another budget makes another student without training its blocks again.${latencyText(selection?.latency)}`;
}

function latencyText(latency: BudgetReport['latency']): string {
  if (latency === undefined) return '';
  const { runtime, batch, predicted, measured } = latency;
  const result = measured === undefined ? `${NOT_MEASURED} as a whole` : `measured as a whole ${percent(measured, 1)}`;
  return ` A latency is the time of a batch of ${batch} in ${runtime} on one thread, predicted from those of layers and blocks alone: of the student that was chosen ${percent(predicted, 1)} of the teacher’s, ${result}.`;
}
