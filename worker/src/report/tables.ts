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
  const row = (where: readonly string[], before: number | undefined, after: number | undefined): string[] => [
    ...where,
    milliseconds(before),
    milliseconds(after),
    ratio(before, after) ?? '',
  ];
  const rows = onnx.rows.map(({ threads, batch, teacherMs, studentMs }) =>
    row([onnx.runtime ?? '', String(threads), String(batch)], teacherMs, studentMs),
  );
  const { cpuThreads, tensorflow } = provenance.backends.at(-1) ?? {};
  const ours = [`TensorFlow ${tensorflow ?? ''}`, String(cpuThreads ?? ''), String(student.latencyBatch ?? '')];
  return html`${onnx.absent !== undefined && html`<p>In ONNX Runtime ${NOT_MEASURED}: ${onnx.absent}</p>`}
  ${table(
    ['Runtime', 'Threads', 'Images a batch', 'Teacher', 'Student', 'Faster'],
    [...rows, row(ours, teacher.latencyMs, student.latencyMs)],
  )}`;
}

/** All figures of every block, for readers who want the numbers behind the charts. */
export function allBlocks({ blocks }: Report): Html {
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
      `${block.selected ? 'In the student' : 'Layer kept'}: ${block.reason}`,
    ]),
  );
}

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

function table(head: readonly string[], rows: readonly (readonly string[])[]): Html {
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
              ${cells.map((cell, index) => html`<td${index > 0 && index < cells.length - 1 && html` class="plain"`}>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
