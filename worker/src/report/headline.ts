import {
  allOf,
  backendWords,
  bytes,
  count,
  duration,
  milliseconds,
  NOT_MEASURED,
  percent,
  plural,
  points,
  ratio,
  short,
} from '@distillation/api/format';
import type { NetworkFigures, Report } from '@distillation/api/report';
import {
  accuracyError,
  cautions,
  firstSpeed,
  replacedWords,
  staysTeachers,
  unchangedWords,
  usefulControl,
  timesAsFast,
} from '@distillation/api/report-words';
import { type Html, html } from './html.ts';

/** The top of the page: the result in a sentence, five or six figures, and a line about the run. */
export function headline(report: Report): Html {
  const { teacher, student } = report;
  const error = accuracyError(report);
  return html`<header>
      <p class="eyebrow">Distillation report</p>
      <h1>${report.job}</h1>
      <p class="lead">${summary(report)}</p>
    </header>
    ${notices(report).map((text) => html`<div class="notice" role="note"><p>${text}</p></div>`)}
    <dl class="figures">
      ${figure('Test accuracy', [percent(student.testAccuracy), `${percent(teacher.testAccuracy)}${controlled(report)}`], accuracyChange(report))}
      ${figure('Parameters', [short(student.params), short(teacher.params)], change(teacher.params, student.params, 'fewer'))}
      ${figure('Multiply-accumulates', [short(student.macs), short(teacher.macs)], change(teacher.macs, student.macs, 'fewer'))}
      ${figure('Size on disk', [bytes(student.bytes), bytes(teacher.bytes)], change(teacher.bytes, student.bytes, 'smaller'))}
      ${speedFigure(report)}
    </dl>
    ${error !== undefined && html`<p class="note">${error}</p>`}
    <p class="note">${runLine(report)}</p>`;
}

/** The time of a batch where a student runs: in ONNX Runtime on one thread, or in TensorFlow where that was not measured. */
function speedFigure(report: Report): Html {
  const { teacher, student } = report;
  const row = firstSpeed(report);
  const label =
    row === undefined ? latencyLabel(student) : `Batch of ${row.batch}, ONNX Runtime, ${plural(row.threads, 'thread')}`;
  const [before, after] = row === undefined ? [teacher.latencyMs, student.latencyMs] : [row.teacherMs, row.studentMs];
  const gain = row === undefined ? change(before, after, 'faster') : change(timesAsFast(row), 1, 'faster');
  return figure(label, [milliseconds(after), milliseconds(before)], gain);
}

function figure(label: string, [student, teacher]: readonly [string, string], from: Change | undefined): Html {
  return html`<div>
    <dt>${label}</dt>
    <dd class="${student === NOT_MEASURED ? 'absent' : 'value'}">${student}</dd>
    <dd class="versus">teacher ${teacher}</dd>
    ${from !== undefined && html`<dd class="${from.isWorse ? 'change worse' : 'change'}">${from.text}</dd>`}
  </div>`;
}

/** What the student gains or loses. */
interface Change {
  readonly text: string;
  readonly isWorse: boolean;
}

function change(before: number | undefined, after: number | undefined, word: string): Change | undefined {
  const text = fewer(before, after, word);
  return text === undefined ? undefined : { text, isWorse: (after ?? 0) > (before ?? 0) };
}

/** "2.36× fewer"; undefined when it is not known or nothing changed. */
function fewer(before: number | undefined, after: number | undefined, word: string): string | undefined {
  const factor = ratio(before, after);
  if (factor === undefined || before === undefined || after === undefined) return undefined;
  if (before === after) return 'unchanged';
  return before > after ? `${factor} ${word}` : `${ratio(after, before) ?? ''} ${OPPOSITE[word] ?? ''}`;
}

const OPPOSITE: Readonly<Record<string, string>> = { fewer: 'more', smaller: 'larger', faster: 'slower' };

const latencyLabel = ({ latencyBatch }: NetworkFigures): string =>
  latencyBatch === undefined ? 'Time of a batch' : `Batch of ${latencyBatch}, TensorFlow`;

/** The control's accuracy, where there is one. */
function controlled(report: Report): string {
  const control = usefulControl(report);
  return control === undefined ? '' : `, fine-tuned as long ${percent(control.testAccuracy)}`;
}

function difference(report: Report): number | undefined {
  const { teacher, student } = report;
  if (student.testAccuracy === undefined || teacher.testAccuracy === undefined) return undefined;
  return student.testAccuracy - teacher.testAccuracy;
}

/** A point that is lost is within what a student is made for. */
const MUCH = 0.01;

function accuracyChange(report: Report): Change | undefined {
  const gained = difference(report);
  return gained === undefined ? undefined : { text: points(gained), isWorse: gained < -MUCH };
}

function summary(report: Report): string {
  const { teacher, student, outcome } = report;
  if (outcome === 'NoBlockTrained') {
    return `${allOf(report.blocks.length, 'block')} failed to train, and the job with them: the network returned is the teacher, unchanged. What was seen of each stands below.`;
  }
  if (outcome === 'NoBlockSelected') {
    return unchangedWords(report);
  }
  const size = `A student with ${fewer(teacher.params, student.params, 'fewer') ?? 'as many'} parameters and ${fewer(teacher.macs, student.macs, 'fewer') ?? 'as many'} multiply-accumulates than its teacher`;
  const gained = difference(report);
  if (gained === undefined) return `${size}. Its accuracy was not measured.`;
  const accuracy = asAccurate(gained);
  const control = usefulControl(report)?.testAccuracy;
  if (control === undefined || student.testAccuracy === undefined) return `${size}, ${accuracy} it on the test split.`;
  return `${size}, on the test split ${accuracy} it, and ${asAccurate(student.testAccuracy - control)} the teacher fine-tuned as long.`;
}

/** "0.20 points above", to be followed by what the accuracy is compared with. */
function asAccurate(change: number): string {
  const distance = (100 * Math.abs(change)).toFixed(2);
  return distance === '0.00' ? 'just as accurate as' : `${distance} points ${change < 0 ? 'below' : 'above'}`;
}

function notices(report: Report): string[] {
  const { outcome: came, blocks } = report;
  // The summary already says so when it holds for all.
  const failed = came === 'NoBlockTrained' ? [] : blocks.filter(({ outcome }) => outcome === 'Failed');
  const names = failed.map(({ name }) => name).join(', ');
  const all = failed.every((block) => staysTeachers({ blocks }, block));
  const stay = all ? ` and ${failed.length === 1 ? 'its layer stays' : 'their layers stay'} the teacher’s` : '';
  return [
    ...cautions(report),
    ...(failed.length === 0 ? [] : [`${plural(failed.length, 'block')} failed to train${stay}: ${names}.`]),
  ];
}

function runLine({ blocks, time, gantt, plan, fineTuning, provenance }: Report): string {
  const bins = new Set(gantt.map(({ bin }) => bin)).size;
  const { train, validation, test } = plan.dataset;
  return [
    `${replacedWords(blocks)} in the student`,
    time.trainingSeconds === undefined
      ? `training time ${NOT_MEASURED}`
      : `blocks trained in ${duration(time.trainingSeconds)} by ${plural(bins, 'bin')}`,
    `measured, assembled and fine-tuned (${plural(fineTuning.epochs.length, 'epoch')}${fineTuning.keptEpoch === 0 && fineTuning.epochs.length > 0 ? ', of no use' : ''}) in ${duration(time.finalizeSeconds)}`,
    `${count(train)} training, ${count(validation)} validation and ${count(test)} test images`,
    `computed with ${provenance.backends.map(backendWords).join('; ')}`,
  ].join(' · ');
}
