import { candidateName, candidatesOf, layerKindsOf } from '../candidates.ts';
import { CLUSTER_RULES } from './cluster-rules.ts';
import { readDecimal } from '../numbers/decimal.ts';
import type { BlocksSpec, DistillationJobSpec, OptimizerSpec } from '../job.ts';
import { OUTPUT_RULES } from './output-rules.ts';
import type { Rule } from './rule.ts';
import { FRACTION_PATTERN } from '../schema/scalars.ts';
import { DEPENDENT_DEFAULTS } from '../schema/dependent-defaults.ts';
import { CONTROLLER, MEASURES } from '../words.ts';

const dataRules: readonly Rule[] = [
  {
    field: 'dataset.labels',
    message: 'contradicts format UnlabelledFolder, which holds no labels',
    fix: 'Write `labels: None`, or choose a labelled format.',
    cel: "self.dataset.format != 'UnlabelledFolder' || self.dataset.labels == 'None'",
    holds: ({ dataset }) => dataset.format !== 'UnlabelledFolder' || dataset.labels === 'None',
  },
  {
    field: 'teacher.expectedAccuracy',
    message: 'cannot be checked with `dataset.labels: None`',
    fix: 'Remove it, or give a labelled data set.',
    cel: "!has(self.teacher.expectedAccuracy) || self.dataset.labels == 'Used'",
    holds: ({ teacher, dataset }) => teacher.expectedAccuracy === undefined || dataset.labels === 'Used',
  },
  {
    field: 'teacher.preprocessing.mode',
    message: 'needs scale, mean or std, none of which is given',
    fix: 'Give at least one of them, or choose `mode: None` for raw pixels.',
    cel: "self.teacher.preprocessing.mode != 'Custom' || has(self.teacher.preprocessing.scale) || has(self.teacher.preprocessing.mean) || has(self.teacher.preprocessing.std)",
    holds: ({ teacher: { preprocessing: p } }) =>
      p.mode !== 'Custom' || p.scale !== undefined || p.mean !== undefined || p.std !== undefined,
  },
  ...(['scale', 'mean', 'std'] as const).map((name): Rule => ({
    field: `teacher.preprocessing.${name}`,
    message: 'has an effect only with mode Custom',
    fix: 'Remove it, or write `mode: Custom`.',
    cel: `self.teacher.preprocessing.mode == 'Custom' || !has(self.teacher.preprocessing.${name})`,
    holds: ({ teacher: { preprocessing: p } }) => p.mode === 'Custom' || p[name] === undefined,
  })),
];

/** Whether a low-rank block is among the replacements. */
const HAS_LOW_RANK =
  "(has(self.blocks.candidates) ? self.blocks.candidates.exists(a, a.architecture == 'LowRank') : !has(self.blocks.architecture) || self.blocks.architecture == 'LowRank')";
const hasLowRank = (blocks: BlocksSpec): boolean =>
  candidatesOf(blocks).some(({ architecture }) => architecture === 'LowRank');

const trainingRules: readonly Rule[] = [
  {
    field: 'blocks.exclude',
    message: 'holds "*", which leaves no layer to replace',
    fix: 'Name the layers to leave alone.',
    cel: "!self.blocks.exclude.exists(glob, glob == '*')",
    holds: ({ blocks }) => !blocks.exclude.includes('*'),
  },
  {
    field: 'blocks.layers',
    message: 'names Pointwise or Dense, whose layers only LowRank can replace',
    fix: 'Remove them, or write `architecture: LowRank`.',
    cel: `!has(self.blocks.layers) || self.blocks.layers.all(kind, kind == 'Convolution') || ${HAS_LOW_RANK}`,
    holds: ({ blocks }) => layerKindsOf(blocks).every((kind) => kind === 'Convolution') || hasLowRank(blocks),
  },
  {
    field: 'blocks.candidates',
    message: 'excludes blocks.architecture and blocks.ratio, which name one replacement',
    fix: 'Remove these, or add them to the list.',
    cel: '!has(self.blocks.candidates) || (!has(self.blocks.architecture) && !has(self.blocks.ratio))',
    holds: ({ blocks: { candidates, architecture, ratio } }) =>
      candidates === undefined || (architecture === undefined && ratio === undefined),
  },
  {
    field: 'blocks.candidates',
    message: 'names a replacement twice',
    fix: 'Name each once.',
    cel: `!has(self.blocks.candidates) || self.blocks.candidates.all(a, self.blocks.candidates.exists_one(b, a.architecture == b.architecture && (has(a.ratio) ? a.ratio : '${DEPENDENT_DEFAULTS.ratio}') == (has(b.ratio) ? b.ratio : '${DEPENDENT_DEFAULTS.ratio}')))`,
    holds: ({ blocks: { candidates = [] } }) =>
      new Set(candidatesOf({ candidates }).map(candidateName)).size === candidates.length,
  },
  {
    field: 'blocks.candidates',
    message: 'gives a ratio to another architecture than LowRank, where it has no effect',
    fix: 'Remove the ratio.',
    cel: "!has(self.blocks.candidates) || self.blocks.candidates.all(a, a.architecture == 'LowRank' || !has(a.ratio))",
    holds: ({ blocks: { candidates = [] } }) =>
      candidates.every(({ architecture, ratio }) => architecture === 'LowRank' || ratio === undefined),
  },
  {
    field: 'blocks.ratio',
    message: 'has an effect only with architecture LowRank',
    fix: 'Remove it, or write `architecture: LowRank`.',
    cel: "!has(self.blocks.ratio) || !has(self.blocks.architecture) || self.blocks.architecture == 'LowRank'",
    holds: ({ blocks: { architecture, ratio } }) =>
      ratio === undefined || architecture === undefined || architecture === 'LowRank',
  },
  {
    field: 'blocks.rankMultiple',
    message: 'has an effect only with LowRank',
    fix: 'Remove it, or choose `LowRank`.',
    cel: `!has(self.blocks.rankMultiple) || ${HAS_LOW_RANK}`,
    holds: ({ blocks }) => blocks.rankMultiple === undefined || hasLowRank(blocks),
  },
  {
    field: 'blocks.batchNormalization',
    message: 'has no effect with architecture LowRank, which has nothing between its layers',
    fix: 'Remove it, or choose a separable architecture.',
    cel: "self.blocks.batchNormalization == 'Disabled' || (has(self.blocks.candidates) ? self.blocks.candidates.exists(a, a.architecture != 'LowRank') : has(self.blocks.architecture) && self.blocks.architecture != 'LowRank')",
    holds: ({ blocks }) =>
      blocks.batchNormalization === 'Disabled' ||
      candidatesOf(blocks).some(({ architecture }) => architecture !== 'LowRank'),
  },
  {
    field: 'training.earlyStopping.patience',
    message: 'can never be reached: it must be below training.epochs',
    fix: 'Lower it, raise training.epochs, or remove earlyStopping.',
    cel: '!has(self.training.earlyStopping) || self.training.earlyStopping.patience < self.training.epochs',
    holds: ({ training }) => training.earlyStopping === undefined || training.earlyStopping.patience < training.epochs,
  },
  ...optimizerRules('training', (spec) => spec.training.optimizer),
];

const selectionRules: readonly Rule[] = [
  {
    field: 'selection.rule',
    message: 'needs the labels that `dataset.labels: None` leaves out',
    fix: 'Write `rule: AllTrained` to keep every trained block, or give a labelled data set.',
    cel: "self.dataset.labels == 'Used' || self.selection.rule != 'Accuracy'",
    holds: ({ dataset, selection }) => dataset.labels === 'Used' || selection.rule !== 'Accuracy',
  },
  {
    field: 'selection.budget',
    message: 'goes with rule Budget: it is needed there and has no effect elsewhere',
    fix: 'Give it with `rule: Budget`, or remove it.',
    cel: "(self.selection.rule == 'Budget') == has(self.selection.budget)",
    holds: ({ selection }) => (selection.rule === 'Budget') === (selection.budget !== undefined),
  },
  {
    field: 'selection.budget',
    message: 'limits nothing',
    fix: 'Give `parameters`, `macs` or `latency`, or several, as shares of the teacher’s.',
    cel: '!has(self.selection.budget) || has(self.selection.budget.parameters) || has(self.selection.budget.macs) || has(self.selection.budget.latency)',
    holds: ({ selection: { budget } }) =>
      budget === undefined || MEASURES.some((measure) => budget[measure] !== undefined),
  },
  {
    field: 'selection.minAccuracy',
    message: 'and maxAccuracyDrop exclude each other',
    fix: 'Give one of the two.',
    cel: '!has(self.selection.minAccuracy) || !has(self.selection.maxAccuracyDrop)',
    holds: ({ selection }) => selection.minAccuracy === undefined || selection.maxAccuracyDrop === undefined,
  },
  ...(['minAccuracy', 'maxAccuracyDrop'] as const).map((name): Rule => ({
    field: `selection.${name}`,
    message: 'has an effect only with rule Accuracy',
    fix: 'Remove it, or write `rule: Accuracy`.',
    cel: `self.selection.rule == 'Accuracy' || !has(self.selection.${name})`,
    holds: ({ selection }) => selection.rule === 'Accuracy' || selection[name] === undefined,
  })),
];

const fineTuningRules: readonly Rule[] = [
  {
    field: 'fineTuning.labels',
    message: 'needs the labels that `dataset.labels: None` leaves out',
    fix: 'Write `fineTuning.labels: None` and give `fineTuning.teacherLogits`, or write `fineTuning.epochs: 0`.',
    cel: "self.fineTuning.epochs == 0 || self.fineTuning.labels == 'None' || self.dataset.labels == 'Used'",
    holds: ({ fineTuning: f, dataset }) => f.epochs === 0 || f.labels === 'None' || dataset.labels === 'Used',
  },
  {
    field: 'fineTuning.labels',
    message: 'leaves nothing to learn from, since `fineTuning.teacherLogits` is absent',
    fix: 'Give `teacherLogits: {}`, write `labels: Used`, or write `epochs: 0`.',
    cel: "self.fineTuning.epochs == 0 || self.fineTuning.labels == 'Used' || has(self.fineTuning.teacherLogits)",
    holds: ({ fineTuning: f }) => f.epochs === 0 || f.labels === 'Used' || f.teacherLogits !== undefined,
  },
  {
    field: 'fineTuning.teacherLogits',
    message: 'has no effect with `fineTuning.epochs: 0`',
    fix: 'Remove it, or give some epochs.',
    cel: 'self.fineTuning.epochs > 0 || !has(self.fineTuning.teacherLogits)',
    holds: ({ fineTuning: f }) => f.epochs > 0 || f.teacherLogits === undefined,
  },
  {
    field: 'fineTuning.control',
    message: 'has no effect with `fineTuning.epochs: 0`',
    fix: 'Write `control: Disabled`, or give some epochs.',
    cel: "self.fineTuning.epochs > 0 || self.fineTuning.control == 'Disabled'",
    holds: ({ fineTuning: f }) => f.epochs > 0 || f.control === 'Disabled',
  },
  {
    field: 'fineTuning.freeze',
    message: 'holds "*", which leaves nothing to train',
    fix: 'Name the layers to freeze, or write `fineTuning.epochs: 0`.',
    cel: "self.fineTuning.epochs == 0 || !self.fineTuning.freeze.exists(glob, glob == '*')",
    holds: ({ fineTuning: f }) => f.epochs === 0 || !f.freeze.includes('*'),
  },
  ...optimizerRules('fineTuning', (spec) => spec.fineTuning.optimizer),
];

function optimizerRules(
  section: 'training' | 'fineTuning',
  optimizerOf: (spec: DistillationJobSpec) => OptimizerSpec,
): readonly Rule[] {
  const field = `${section}.optimizer`;
  const cel = `self.${field}`;
  return [
    {
      field: `${field}.momentum`,
      message: 'has an effect only with type SGD',
      fix: 'Remove it, or write `type: SGD`.',
      cel: `${cel}.type == 'SGD' || !has(${cel}.momentum)`,
      holds: (spec) => optimizerOf(spec).type === 'SGD' || optimizerOf(spec).momentum === undefined,
    },
    {
      field: `${field}.momentum`,
      message: 'must be below 1: at 1 no step is ever forgotten',
      fix: 'Write a value such as "0.9".',
      // A value that is not a fraction is refused by another rule, and cannot be read as a number here.
      cel: `!has(${cel}.momentum) || !${cel}.momentum.matches(r'${FRACTION_PATTERN}') || double(${cel}.momentum) < 1.0`,
      holds: (spec) => readDecimal(optimizerOf(spec).momentum ?? '0') < 1,
    },
    ...(['decayRate', 'decaySteps'] as const).map((name): Rule => ({
      field: `${field}.schedule.${name}`,
      message: 'goes with type Exponential: it is needed there and has no effect elsewhere',
      fix: 'Give decayRate and decaySteps with `type: Exponential`, or remove both.',
      cel: `(${cel}.schedule.type == 'Exponential') == has(${cel}.schedule.${name})`,
      holds: (spec) => {
        const { schedule } = optimizerOf(spec);
        return (schedule.type === 'Exponential') === (schedule[name] !== undefined);
      },
    })),
  ];
}

const managerRules: readonly Rule[] = [
  {
    field: 'managedBy',
    message: `names another controller than ${CONTROLLER}, and there is no hand-over: teacher, data and checkpoints are on the volumes of this cluster`,
    fix: `Remove it, or write \`${CONTROLLER}\`. To queue the job by Kueue, in this cluster, give cluster.queueName.`,
    cel: `!has(self.managedBy) || self.managedBy == '${CONTROLLER}'`,
    holds: ({ managedBy }) => managedBy === undefined || managedBy === CONTROLLER,
  },
];

/** Every rule, in the order of the spec. */
export const RULES: readonly Rule[] = [
  ...dataRules,
  ...trainingRules,
  ...selectionRules,
  ...fineTuningRules,
  ...OUTPUT_RULES,
  ...CLUSTER_RULES,
  ...managerRules,
];
