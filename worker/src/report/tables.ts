import {
  count,
  duration,
  figure,
  milliseconds,
  NOT_MEASURED,
  percent,
  plural,
  ratio,
  short,
  wattHours,
} from '@distillation/api/format';
import { leftOutText, placesText } from '@distillation/api/left-out';
import type { BlockReport, Report } from '@distillation/api/report';
import { speedupWords } from '@distillation/api/report-words';
import { shareOf } from '@distillation/api/shares';
import { type Part, partOf } from './block-key.ts';
import { byAccuracy, keyOf } from './budget-chart.ts';
import { type Html, html } from './html.ts';

/** Blocks that could not be trained, and why; undefined when there are none. */
export function failedBlocks({ blocks }: Report): Html | undefined {
  const failed = blocks.filter(({ outcome }) => outcome === 'Failed');
  if (failed.length === 0) return undefined;
  return table(
    ['Block', 'Attempts', 'What was seen'],
    failed.map(({ name, attempts, reason, failure }) => [name, String(attempts), failure?.message ?? reason]),
  );
}

/** Layers that were excluded from replacement, and why. */
export function keptLayers({ kept }: Report): Html | undefined {
  if (kept.length === 0) return undefined;
  return table(
    ['Layer', 'Kernel', 'Output', 'Parameters', 'Why it stays'],
    kept.map(({ layer, reason }) => [
      layer.name,
      layer.className === 'Dense' ? 'dense' : layer.kernel.join(' × '),
      layer.outputShape.join(' × '),
      count(layer.params),
      reason,
    ]),
  );
}

/** What lies in the data folder and was not read, by kind; undefined when everything was read. */
export function leftOutData({ plan, provenance: { unreadableImages = [] } }: Report): Html | undefined {
  const { leftOut = [], unreadable = [] } = plan.dataset;
  const reasons = new Map(unreadable.map(({ name, reason }) => [name, reason]));
  const rows = [
    ...leftOut.map((left) => [count(left.count), leftOutText(left)]),
    ...(unreadableImages.length === 0
      ? []
      : [
          [
            count(unreadableImages.length),
            `unreadable ${unreadableImages.length === 1 ? 'image' : 'images'}: ${unreadableImages
              .map((name) => `${name}${reasons.has(name) ? ` (${reasons.get(name) ?? ''})` : ''}`)
              .join(', ')}`,
          ],
        ]),
  ];
  return rows.length === 0 ? undefined : table(['Files', 'What they are'], rows);
}

/** Times of teacher and student in ONNX Runtime, or why there are none, and in TensorFlow. */
export function speedTable({ onnx, teacher, student, provenance }: Report): Html | undefined {
  if (onnx === undefined) return undefined;
  const rows = onnx.rows.map((times) => [
    onnx.runtime ?? '',
    String(times.threads),
    String(times.batch),
    milliseconds(times.teacherMs),
    milliseconds(times.studentMs),
    speedupWords(times),
  ]);
  const { cpuThreads, tensorflow } = provenance.backends.at(-1) ?? {};
  const ours = [
    `TensorFlow ${tensorflow ?? ''}`,
    String(cpuThreads ?? ''),
    String(student.latencyBatch ?? ''),
    milliseconds(teacher.latencyMs),
    milliseconds(student.latencyMs),
    ratio(teacher.latencyMs, student.latencyMs) ?? '',
  ];
  return html`${onnx.absent !== undefined && html`<p>In ONNX Runtime ${NOT_MEASURED}: ${onnx.absent}</p>`}
  ${table(['Runtime', 'Threads', 'Images a batch', 'Teacher', 'Student', 'Faster'], [...rows, ours])}`;
}

/**
 * The students of the curves and the one that was chosen, the smallest first, with the shares that a budget has to allow for each. Undefined
 * for a selection by another rule, and where the teacher is the only one.
 */
export function studentsTable({ selection, teacher }: Report): Html | undefined {
  if (selection === undefined) return undefined;
  const { considered, curve, latency } = selection;
  const [chosen] = considered.filter((student) => student.chosen);
  const students = new Map(
    [...(chosen === undefined ? [] : [chosen]), ...curve].map((student) => [keyOf(student), student]),
  );
  if (students.size < 2) return undefined;
  const hasLabels = byAccuracy(selection);
  const nanoseconds = (ms = 0): number => Math.round(1e6 * ms);
  const whole = nanoseconds(latency?.teacherMs);
  const isTimed = whole > 0 && [...students.values()].every(({ latencyMs }) => latencyMs !== undefined);
  return table(
    ['macs', 'parameters', ...(isTimed ? ['latency'] : []), hasLabels ? 'Accuracy' : 'Divergence', 'Blocks'],
    [...students.values()]
      .sort((a, b) => a.macs - b.macs || a.params - b.params)
      .map((student) => [
        shareOf(student.macs, teacher.macs),
        shareOf(student.params, teacher.params),
        ...(isTimed ? [shareOf(nanoseconds(student.latencyMs), whole)] : []),
        hasLabels
          ? percent(student.accuracy)
          : student.divergence === undefined
            ? NOT_MEASURED
            : figure(student.divergence),
        `${student.blocks.length === 0 ? '0, the teacher' : String(student.blocks.length)}${chosen && keyOf(student) === keyOf(chosen) ? ', chosen' : ''}`,
      ]),
  );
}

/** All figures of every block, for readers who want the numbers behind the charts. */
export function allBlocks(report: Report): Html {
  const { blocks } = report;
  return table(
    [
      'Block',
      'Outcome',
      'Epochs',
      'Attempts',
      'Unexplained',
      'Accuracy',
      'Divergence',
      'Parameters',
      'MACs',
      'Verdict',
    ],
    blocks.map((block) => [
      block.name,
      OUTCOMES[block.outcome],
      String(block.epochs),
      String(block.attempts),
      percent(block.unexplained, 1),
      percent(block.accuracy),
      block.divergence === undefined ? NOT_MEASURED : figure(block.divergence),
      `${short(block.params.layer)} → ${short(block.params.block)}`,
      `${short(block.macs.layer)} → ${short(block.macs.block)}`,
      `${VERDICTS[partOf(report, block)]}: ${block.reason}`,
    ]),
  );
}

const VERDICTS: Readonly<Record<Part, string>> = {
  Chosen: 'In the student',
  LayerStays: 'Layer kept',
  OtherChosen: 'Not chosen',
};

const OUTCOMES: Readonly<Record<BlockReport['outcome'], string>> = {
  Trained: 'trained',
  StoppedEarly: 'stopped early',
  Failed: 'failed',
};

/** What made this student: enough to reproduce it. */
export function provenance({ provenance: made, plan, time, energy, schedule }: Report): Html {
  const code = (text: string): Html => html`<code>${text}</code>`;
  const { dataset } = plan;
  const places = placesText(dataset);
  const facts: readonly (readonly [string, Html | string])[] = [
    ['Finished', made.finishedAt],
    ['Seed', String(made.seed)],
    ['Recipe', code(made.recipe)],
    ['Teacher, SHA-256', code(made.teacherSha256)],
    [
      // Plans of earlier versions do not record it.
      dataset.hashOf === 'Contents'
        ? 'Data set, SHA-256'
        : 'Data set, SHA-256 of names, sizes and both ends of each file',
      code(made.datasetSha256),
    ],
    ['Student, SHA-256', code(made.studentSha256)],
    [
      'Data set',
      `${count(dataset.train)} training, ${count(dataset.validation)} validation, ${count(dataset.test)} test images of ${dataset.imageShape.join(' × ')}, ${plural(dataset.classes, 'class', 'classes')}${dataset.labelled ? '' : ', no labels'}${places === undefined ? '' : `; ${places}`}`,
    ],
    [
      'Arithmetic',
      made.backends
        .map(({ name, tensorflow, cpuThreads }) => `${name} ${tensorflow}, ${plural(cpuThreads, 'CPU thread')}`)
        .join('; '),
    ],
    [
      'Versions',
      Object.entries(made.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ...(schedule === undefined
      ? []
      : ([
          [
            'Schedule',
            `${schedule.policy}, ${plural(schedule.bins.length, 'bin')}, ${schedule.passes.toLowerCase()} passes, costs ${plan.costSource.toLowerCase()}`,
          ],
        ] as const)),
    ['Worker time in kept epochs', duration(time.usefulSeconds)],
    ...(time.redoneSeconds === undefined
      ? []
      : ([['Worker time in attempts that failed', duration(time.redoneSeconds)]] as const)),
    ...measuredEnergy('Energy of the GPUs, training', energy?.trainingGpuJoules),
    ...measuredEnergy('Energy of the GPUs, finalizing', energy?.finalizeGpuJoules),
  ];
  return html`<dl class="provenance">
    ${facts.map(
      ([term, fact]) =>
        html`<dt>${term}</dt>
          <dd>${fact}</dd>`,
    )}
  </dl>`;
}

/** A table row about energy, if it was measured. */
function measuredEnergy(name: string, joules: number | undefined): readonly (readonly [string, string])[] {
  return joules === undefined ? [] : [[name, wattHours(joules)]];
}

/** A last cell longer than this is a sentence, which is given room to wrap in. */
const SHORT = 24;

function table(head: readonly string[], rows: readonly (readonly string[])[]): Html {
  const last = rows.some((cells) => (cells.at(-1) ?? '').length > SHORT) ? 'text' : 'plain';
  const kind = (index: number, length: number): string | undefined =>
    index === length - 1 ? last : index > 0 ? 'plain' : undefined;
  const cell = (content: string, className: string | undefined): Html =>
    html`<td${className !== undefined && html` class="${className}"`}>${content}</td>`;
  return html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((content, index) => cell(content, kind(index, cells.length)))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
