import { backendWords, count, duration, percent, plural, short } from '@distillation/api/format';
import { leftOutText, placesText } from '@distillation/api/left-out';
import type { PreprocessingSpec } from '@distillation/api/job';
import { preprocessingText } from '@distillation/api/preprocessing';
import type { BinSchedule, BlockPlan, DatasetSummary, KeptLayer, LayerInfo, Plan } from '@distillation/api/plan';
import { inColumns, inColumnsWithin, printable, wrapped } from './columns.ts';
import { leastCost } from '../least-student.ts';

interface Shown {
  /** Of the terminal. */
  readonly width?: number;
  /** How the teacher sees pixels: what is most often wrong where its accuracy is not what was expected. */
  readonly preprocessing?: PreprocessingSpec;
}

/** What a job would do, before anything runs: the layers found, the cost and bin of each block, and which layers stay and why. */
export function planTable(plan: Plan, schedule: BinSchedule, { width = Infinity, preprocessing }: Shown = {}): string {
  return [
    ...summary(plan, width, preprocessing),
    ...dataLeftOut(plan.dataset),
    '',
    ...blockTable(plan, schedule, width),
    ...(plan.kept.length === 0 ? [] : ['', 'Layers that stay', ...keptTable(plan.kept, width)]),
    ...(plan.untrained === undefined ? [] : ['', 'Candidates not trained', ...untrainedTable(plan.untrained, width)]),
    ...(plan.unmatched === undefined
      ? []
      : ['', 'Patterns without effect', ...plan.unmatched.map((line) => `  ${printable(line)}`)]),
    '',
    ...binTable(plan, schedule, width),
  ].join('\n');
}

function summary(plan: Plan, width: number, preprocessing: Shown['preprocessing']): string[] {
  const { teacher, dataset, epochs, stepsPerEpoch, backend } = plan;
  const places = placesText(dataset);
  return inColumnsWithin(
    [
      [
        'teacher',
        `${count(teacher.params)} parameters, ${short(teacher.macs)} multiply-accumulates an image, validation accuracy ${percent(teacher.validationAccuracy)}`,
      ],
      [
        'data set',
        `${count(dataset.train)} training, ${count(dataset.validation)} validation, ${count(dataset.test)} test images of ${shape(dataset.imageShape)}, ${plural(dataset.classes, 'class', 'classes')}${dataset.labelled ? '' : ', labels not used'}`,
      ],
      ...(places === undefined ? [] : [['', places]]),
      ...(preprocessing === undefined ? [] : [['pixels', pixelsText(preprocessing)]]),
      ['backend', backendWords(backend)],
      ['training', `${plural(epochs, 'epoch')} of ${plural(stepsPerEpoch, 'step')} a block`],
      [
        'students',
        `from ${percent(leastCost(plan, 'params') / teacher.params, 1)} of the teacher's parameters, or ${percent(leastCost(plan, 'macs') / teacher.macs, 1)} of its multiply-accumulates, upwards`,
      ],
    ],
    width,
  );
}

const pixelsText = (preprocessing: PreprocessingSpec): string =>
  preprocessing.mode === 'None'
    ? 'from 0 to 255, as they are (spec.teacher.preprocessing)'
    : `prepared: ${preprocessingText(preprocessing)}`;

/** Files in the data folder that are not read, so that nothing is left out silently. */
function dataLeftOut({ leftOut = [], unreadable = [] }: DatasetSummary): string[] {
  const lines = [
    ...leftOut.map(leftOutText),
    ...unreadable.map(({ name, reason }) => `${name} ${reason}: counted as unreadable`),
  ];
  return lines.length === 0 ? [] : ['', 'Data that are not read', ...lines.map((line) => `  ${line}`)];
}

/** Candidates of layers that have another one. */
const untrainedTable = (untrained: NonNullable<Plan['untrained']>, width: number): string[] =>
  inColumnsWithin(
    untrained.map(({ block, reason }) => [block, reason]),
    width,
  );

interface Column {
  readonly head: string;
  readonly alignment: 'left' | 'right';
  readonly cell: (block: BlockPlan) => string;
  /** What is left out first, where the terminal is too narrow for all. */
  readonly dropped?: number;
}

function blockTable(plan: Plan, schedule: BinSchedule, width: number): string[] {
  const unit = plan.costUnit === 'MAC' ? 'MACs' : 'time';
  const binOf = (name: string): string =>
    String(schedule.bins.find(({ blocks }) => blocks.includes(name))?.index ?? '–');
  const columns: readonly Column[] = [
    { head: 'block', alignment: 'left', cell: ({ name }) => name },
    { head: 'kernel', alignment: 'left', cell: ({ layer }) => kernel(layer), dropped: 2 },
    { head: 'output', alignment: 'left', cell: ({ layer }) => shape(layer.outputShape), dropped: 1 },
    {
      head: 'parameters',
      alignment: 'right',
      cell: ({ layer, params }) => `${short(layer.params)} → ${short(params)}`,
    },
    { head: 'MACs an image', alignment: 'right', cell: ({ layer, macs }) => `${short(layer.macs)} → ${short(macs)}` },
    { head: `prefix ${unit}`, alignment: 'right', cell: ({ cost }) => costOf(cost.prefix, plan), dropped: 3 },
    { head: `own ${unit}`, alignment: 'right', cell: ({ cost }) => costOf(cost.own, plan), dropped: 4 },
    { head: 'bin', alignment: 'right', cell: ({ name }) => binOf(name) },
  ];
  const lines = (shown: readonly Column[]): string[] =>
    inColumns(
      [shown.map(({ head }) => head), ...plan.blocks.map((block) => shown.map(({ cell }) => cell(block)))],
      shown.map(({ alignment }) => alignment),
    );
  const tries = [0, 1, 2, 3, 4].map((most) => lines(columns.filter(({ dropped = Infinity }) => dropped > most)));
  return tries.find((table) => table.every((line) => line.length <= width)) ?? tries.at(-1) ?? [];
}

function keptTable(kept: readonly KeptLayer[], width: number): string[] {
  return inColumnsWithin(
    kept.map(({ layer, reason }) => [layer.name, kernel(layer), shape(layer.outputShape), reason]),
    width,
  );
}

function binTable(plan: Plan, { bins, makespan, lowerBound, policy, passes }: BinSchedule, columns: number): string[] {
  const width = 24;
  // Without blocks all bins have cost 0.
  const longest = Math.max(...bins.map(({ cost }) => cost)) || 1;
  const filled = bins.filter(({ blocks }) => blocks.length > 0);
  const rows = filled.map(({ index, blocks, cost }) => [
    `bin ${index}`,
    plural(blocks.length, 'block'),
    costOf(cost, plan),
    '█'.repeat(Math.round((width * cost) / longest)),
  ]);
  const above =
    lowerBound > 0 ? ` (${percent(makespan / lowerBound - 1, 1)} above the least that any schedule needs)` : '';
  return [
    ...inColumns(rows, ['left', 'right', 'right', 'left']),
    ...emptyBins(plan.blocks.length, filled.length, bins.length).flatMap((line) => wrapped(line, columns)),
    ...wrapped(
      `${policy}, ${passes.toLowerCase()} passes, costs ${plan.costSource.toLowerCase()}: the longest bin needs ${costOf(makespan, plan)}${above}.`,
      columns,
    ),
  ];
}

/** One line about bins without blocks: why they are empty, and which smaller number of bins is as good. */
function emptyBins(blocks: number, filled: number, bins: number): string[] {
  const empty = bins - filled;
  if (empty === 0) return [];
  const why =
    blocks > filled
      ? 'blocks that share a prefix end no later together'
      : `there ${blocks === 1 ? 'is' : 'are'} ${plural(blocks, 'block')}`;
  const advice = filled === 0 ? '' : ` ${plural(filled, 'bin')} (spec.scheduling.bins) would do as well.`;
  return [`${plural(empty, 'more bin')} ${empty === 1 ? 'stays' : 'stay'} empty: ${why}.${advice}`];
}

const costOf = (cost: number, { costUnit }: Plan): string => (costUnit === 'MAC' ? short(cost) : duration(cost));
const shape = (sizes: readonly number[]): string => sizes.join('×');
const kernel = ({ className, kernel: [height, width], strides }: LayerInfo): string =>
  className === 'Dense'
    ? 'dense'
    : `${height}×${width}${strides.some((stride) => stride > 1) ? ` /${Math.max(...strides)}` : ''}`;
