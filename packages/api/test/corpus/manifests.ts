import { type BadManifest, type GoodManifest, bad } from './corpus.ts';
import { BAD_CLUSTER, GOOD_CLUSTER } from './cluster.ts';

const UNLABELLED = {
  'spec.dataset.labels': 'None',
  'spec.selection.rule': 'AllTrained',
  'spec.fineTuning.labels': 'None',
  'spec.fineTuning.teacherLogits': {},
} as const;

export const GOOD: readonly GoodManifest[] = [
  { title: 'the minimal job', set: {} },
  {
    title: 'labels and annotations in the metadata',
    set: { 'metadata.labels': { team: 'vision' }, 'metadata.namespace': 'ml' },
  },
  { title: 'our own controller by name', set: { 'spec.managedBy': 'distillation.dev/operator' } },
  { title: 'empty sections', set: { 'spec.training': {}, 'spec.fineTuning': {}, 'spec.dataset.augmentation': {} } },
  { title: 'an accuracy that the teacher should have', set: { 'spec.teacher.expectedAccuracy': '0.78' } },
  { title: 'a minimum accuracy', set: { 'spec.selection.minAccuracy': '0.75' } },
  { title: 'no accuracy drop at all', set: { 'spec.selection.maxAccuracyDrop': '0' } },
  {
    title: 'a budget',
    set: { 'spec.selection': { rule: 'Budget', budget: { parameters: '0.25', macs: '3e-1' } } },
  },
  { title: 'a budget of latency', set: { 'spec.selection': { rule: 'Budget', budget: { latency: '0.5' } } } },
  {
    title: 'a budget without labels',
    set: {
      'spec.dataset.labels': 'None',
      'spec.selection': { rule: 'Budget', budget: { macs: '1.0' } },
      'spec.fineTuning.epochs': 0,
    },
  },
  { title: 'batch normalisation while fine-tuning', set: { 'spec.fineTuning.batchNormalization': 'Enabled' } },
  { title: 'a control', set: { 'spec.fineTuning.control': 'Enabled' } },
  { title: 'all trained blocks, with labels', set: { 'spec.selection.rule': 'AllTrained' } },
  { title: 'a job without labels, fine-tuned on the teacher', set: UNLABELLED },
  { title: 'a folder without labels', set: { ...UNLABELLED, 'spec.dataset.format': 'UnlabelledFolder' } },
  {
    title: 'a job without labels or fine-tuning',
    set: { 'spec.dataset.labels': 'None', 'spec.selection.rule': 'AllTrained', 'spec.fineTuning.epochs': 0 },
  },
  {
    title: 'custom preprocessing of one part',
    set: { 'spec.teacher.preprocessing': { mode: 'Custom', scale: '3.92e-3' } },
  },
  {
    title: 'custom preprocessing with negative means',
    set: { 'spec.teacher.preprocessing': { mode: 'Custom', mean: ['-0.5', '0', '0.25'], std: ['0.2'] } },
  },
  {
    title: 'an exponential schedule',
    set: { 'spec.training.optimizer.schedule': { type: 'Exponential', decayRate: '0.96', decaySteps: 3000 } },
  },
  { title: 'SGD with momentum', set: { 'spec.fineTuning.optimizer': { type: 'SGD', momentum: '0.9' } } },
  { title: 'low-rank blocks', set: { 'spec.blocks': { architecture: 'LowRank' } } },
  { title: 'low-rank blocks with a ratio', set: { 'spec.blocks': { architecture: 'LowRank', ratio: '0.25' } } },
  { title: 'low-rank blocks for vectors of four', set: { 'spec.blocks': { ratio: '0.25', rankMultiple: 4 } } },
  {
    title: 'several candidates a layer',
    set: { 'spec.blocks': { candidates: [{ architecture: 'LowRank', ratio: '0.25' }, { architecture: 'TwoLayer' }] } },
  },
  { title: 'every kind of layer', set: { 'spec.blocks': { layers: ['Convolution', 'Pointwise', 'Dense'] } } },
  {
    title: 'dense layers among several candidates',
    set: {
      'spec.blocks': { layers: ['Dense'], candidates: [{ architecture: 'LowRank' }, { architecture: 'TwoLayer' }] },
    },
  },
  {
    title: 'the paper’s blocks of the kind that is the default',
    set: { 'spec.blocks': { layers: ['Convolution'], architecture: 'TwoLayer' } },
  },
  { title: 'early stopping by default values', set: { 'spec.training': { epochs: 4, earlyStopping: {} } } },
  {
    title: 'labels and logits together',
    set: { 'spec.fineTuning.teacherLogits': { weight: '0.5', temperature: '2' } },
  },
  { title: 'a learning rate with an exponent', set: { 'spec.training.optimizer.learningRate': '2E-3' } },
  { title: 'hidden and dotted folder names', set: { 'spec.outputs.path': '.jobs/a..b/v1.0' } },
  { title: 'a student in two formats', set: { 'spec.outputs.formats': ['TfjsLayers', 'Keras'] } },
  {
    title: 'a student that takes pixels',
    set: { 'spec.outputs.formats': ['Onnx'], 'spec.outputs.onnxInput': 'Pixels' },
  },
  { title: 'outputs beside the data with the same beginning', set: { 'spec.outputs.path': 'data/cifar-10-student' } },
  ...GOOD_CLUSTER,
];

const schema = bad('Schema');
const rule = bad('Rule');
const unknown = bad('UnknownField');

export const BAD: readonly BadManifest[] = [
  unknown('/spec/training/epoch', 'a misspelt field', { 'spec.training.epoch': 4 }),
  unknown('/spec/epochs', 'a field in the wrong section', { 'spec.epochs': 4 }),
  unknown('/spec/selection/threshold', 'a field of nowhere', { 'spec.selection.threshold': '0.02' }),

  bad('Rule')('/spec/managedBy', 'a hand-over to Kueue’s MultiKueue', {
    'spec.managedBy': 'kueue.x-k8s.io/multikueue',
  }),

  schema('/spec', 'no spec', { spec: undefined }),
  schema('/spec/teacher', 'no teacher', { 'spec.teacher': undefined }),
  schema('/spec/teacher/path', 'no teacher path', { 'spec.teacher': {} }),
  schema('/spec/dataset/path', 'no dataset path', { 'spec.dataset.path': undefined }),
  schema('/spec/outputs', 'no outputs', { 'spec.outputs': undefined }),
  schema('/spec/outputs/formats', 'no format', { 'spec.outputs.formats': [] }),
  schema('/spec/blocks/layers', 'no kind of layer', { 'spec.blocks.layers': [] }),
  schema('/spec/blocks/layers/1', 'an unknown kind of layer', { 'spec.blocks.layers': ['Convolution', 'Depthwise'] }),
  schema('/spec/outputs/formats/0', 'an unknown format', { 'spec.outputs.formats': ['SavedModel'] }),
  schema('/metadata/name', 'a name in capitals', { 'metadata.name': 'Sample' }),
  schema('/metadata/name', 'a name too long for a label', { 'metadata.name': 'x'.repeat(64) }),
  schema('/spec/teacher/path', 'an absolute path', { 'spec.teacher.path': '/teacher/model.json' }),
  schema('/spec/dataset/path', 'a path out of the volume', { 'spec.dataset.path': 'data/../../etc' }),
  schema('/spec/dataset/path', 'the root of the volume', { 'spec.dataset.path': '.' }),
  schema('/spec/outputs/path', 'a slash at the end', { 'spec.outputs.path': 'jobs/sample/' }),
  schema('/spec/outputs/path', 'an empty path', { 'spec.outputs.path': '' }),
  schema('/spec/teacher/format', 'an unknown format', { 'spec.teacher.format': 'ONNX' }),
  schema('/spec/scheduling/policy', 'an enum in the wrong case', { 'spec.scheduling.policy': 'binpacking' }),
  schema('/spec/selection/split', 'selection on the test split', { 'spec.selection.split': 'Test' }),
  schema('/spec/dataset/augmentation/flipHorizontal', 'a boolean for a choice', {
    'spec.dataset.augmentation.flipHorizontal': true,
  }),
  schema('/spec/training/epochs', 'zero epochs', { 'spec.training.epochs': 0 }),
  schema('/spec/training/epochs', 'half an epoch', { 'spec.training.epochs': 0.5 }),
  schema('/spec/training/epochs', 'a number in quotes', { 'spec.training.epochs': '4' }),
  schema('/spec/training/seed', 'a negative seed', { 'spec.training.seed': -1 }),
  schema('/spec/scheduling/bins', 'no bin', { 'spec.scheduling.bins': 0 }),
  schema('/spec/dataset/batchSize', 'a batch of nothing', { 'spec.dataset.batchSize': 0 }),
  schema('/spec/training/optimizer/learningRate', 'a float', { 'spec.training.optimizer.learningRate': 0.01 }),
  schema('/spec/training/optimizer/learningRate', 'a zero learning rate', {
    'spec.training.optimizer.learningRate': '0.0',
  }),
  schema('/spec/fineTuning/optimizer/learningRate', 'a negative learning rate', {
    'spec.fineTuning.optimizer.learningRate': '-1e-3',
  }),
  schema('/spec/training/optimizer/clipNorm', 'a clip norm that is no number', {
    'spec.training.optimizer.clipNorm': 'one',
  }),
  schema('/spec/training/optimizer/momentum', 'a momentum with a comma', {
    'spec.training.optimizer': { type: 'SGD', momentum: '0,9' },
  }),
  schema('/spec/teacher/expectedAccuracy', 'a teacher’s accuracy in per cent', {
    'spec.teacher.expectedAccuracy': '78',
  }),
  schema('/spec/teacher/expectedAccuracy', 'nothing expected of the teacher', { 'spec.teacher.expectedAccuracy': '0' }),
  schema('/spec/selection/maxAccuracyDrop', 'a drop in per cent', { 'spec.selection.maxAccuracyDrop': '2' }),
  schema('/spec/selection/minAccuracy', 'a fraction above one', { 'spec.selection.minAccuracy': '1.01' }),
  schema('/spec/selection/minAccuracy', 'a fraction above one by exponent', { 'spec.selection.minAccuracy': '5e-0' }),
  schema('/spec/dataset/validation/fraction', 'nothing held out', { 'spec.dataset.validation.fraction': '0' }),
  schema('/spec/dataset/validation/fraction', 'everything held out', { 'spec.dataset.validation.fraction': '1' }),
  schema('/spec/training/optimizer/schedule/decayRate', 'a decay to zero', {
    'spec.training.optimizer.schedule': { type: 'Exponential', decayRate: '0', decaySteps: 10 },
  }),
  schema('/spec/fineTuning/teacherLogits/weight', 'logits of no weight', {
    'spec.fineTuning.teacherLogits.weight': '0',
  }),
  schema('/spec/teacher/preprocessing/std/1', 'a division by zero', {
    'spec.teacher.preprocessing': { mode: 'Custom', std: ['0.2', '0', '0.2'] },
  }),
  schema('/spec/teacher/preprocessing/mean', 'a scalar for a list', {
    'spec.teacher.preprocessing': { mode: 'Custom', mean: '0.5' },
  }),
  schema('/spec/blocks/include', 'an empty include list', { 'spec.blocks.include': [] }),
  schema('/spec/blocks/exclude/0', 'a glob with braces', { 'spec.blocks.exclude': ['conv{1,2}'] }),
  schema('/spec/fineTuning/freeze/1', 'an empty glob', { 'spec.fineTuning.freeze': ['dense*', ''] }),
  schema('/spec/training', 'a list for a section', { 'spec.training': [] }),

  schema('/spec/selection/budget/macs', 'a budget of nothing', {
    'spec.selection': { rule: 'Budget', budget: { macs: '0.0' } },
  }),
  schema('/spec/selection/budget/parameters', 'a budget of more than the teacher', {
    'spec.selection': { rule: 'Budget', budget: { parameters: '1.5' } },
  }),
  schema('/spec/selection/budget/latency', 'a budget of milliseconds', {
    'spec.selection': { rule: 'Budget', budget: { latency: '20ms' } },
  }),
  rule('/spec/outputs/onnxInput', 'pixels for a format that is not written', {
    'spec.outputs.formats': ['TfjsLayers'],
    'spec.outputs.onnxInput': 'Pixels',
  }),
  rule('/spec/selection/budget', 'the rule Budget without a budget', { 'spec.selection.rule': 'Budget' }),
  rule('/spec/selection/budget', 'a budget with another rule', { 'spec.selection.budget': { macs: '0.3' } }),
  rule('/spec/selection/budget', 'a budget that limits nothing', { 'spec.selection': { rule: 'Budget', budget: {} } }),
  rule('/spec/selection/minAccuracy', 'two thresholds', {
    'spec.selection': { minAccuracy: '0.7', maxAccuracyDrop: '0.02' },
  }),
  rule('/spec/selection/maxAccuracyDrop', 'a threshold with AllTrained', {
    'spec.selection': { rule: 'AllTrained', maxAccuracyDrop: '0.02' },
  }),
  rule('/spec/selection/minAccuracy', 'a minimum with AllTrained', {
    'spec.selection': { rule: 'AllTrained', minAccuracy: '0.7' },
  }),
  rule('/spec/selection/rule', 'selection by accuracy without labels', {
    ...UNLABELLED,
    'spec.selection.rule': 'Accuracy',
  }),
  rule('/spec/teacher/expectedAccuracy', 'an accuracy to check without labels', {
    ...UNLABELLED,
    'spec.teacher.expectedAccuracy': '0.78',
  }),
  rule('/spec/dataset/labels', 'labels from a folder without', {
    ...UNLABELLED,
    'spec.dataset.format': 'UnlabelledFolder',
    'spec.dataset.labels': 'Used',
  }),
  rule('/spec/fineTuning/labels', 'fine-tuning on labels that are not read', {
    ...UNLABELLED,
    'spec.fineTuning.labels': 'Used',
  }),
  rule('/spec/fineTuning/labels', 'fine-tuning on nothing', { 'spec.fineTuning.labels': 'None' }),
  rule('/spec/fineTuning/control', 'a control of no epoch', {
    'spec.fineTuning': { epochs: 0, control: 'Enabled' },
  }),
  rule('/spec/fineTuning/teacherLogits', 'logits for no epoch', {
    'spec.fineTuning': { epochs: 0, teacherLogits: {} },
  }),
  rule('/spec/fineTuning/freeze', 'everything frozen', { 'spec.fineTuning.freeze': ['dense*', '*'] }),
  rule('/spec/blocks/exclude', 'everything excluded', { 'spec.blocks.exclude': ['*'] }),
  rule('/spec/teacher/preprocessing/mode', 'custom preprocessing of nothing', {
    'spec.teacher.preprocessing.mode': 'Custom',
  }),
  rule('/spec/teacher/preprocessing/mean', 'means with a named mode', {
    'spec.teacher.preprocessing': { mode: 'Caffe', mean: ['103.939', '116.779', '123.68'] },
  }),
  rule('/spec/teacher/preprocessing/scale', 'a scale without a mode', { 'spec.teacher.preprocessing.scale': '0.5' }),
  rule('/spec/teacher/preprocessing/std', 'deviations with a named mode', {
    'spec.teacher.preprocessing': { mode: 'Torch', std: ['0.2'] },
  }),
  rule('/spec/training/optimizer/momentum', 'momentum of Adam', {
    'spec.training.optimizer': { type: 'Adam', momentum: '0.9' },
  }),
  rule('/spec/fineTuning/optimizer/momentum', 'momentum of one', {
    'spec.fineTuning.optimizer': { type: 'SGD', momentum: '1.0' },
  }),
  rule('/spec/training/optimizer/schedule/decayRate', 'an exponential schedule without its rate', {
    'spec.training.optimizer.schedule': { type: 'Exponential', decaySteps: 3000 },
  }),
  rule('/spec/training/optimizer/schedule/decaySteps', 'an exponential schedule without its steps', {
    'spec.training.optimizer.schedule': { type: 'Exponential', decayRate: '0.96' },
  }),
  rule('/spec/fineTuning/optimizer/schedule/decayRate', 'a decay rate of a cosine', {
    'spec.fineTuning.optimizer.schedule': { type: 'Cosine', decayRate: '0.96' },
  }),
  rule('/spec/blocks/rankMultiple', 'a multiple for the ranks of separable blocks', {
    'spec.blocks': { candidates: [{ architecture: 'TwoLayer' }, { architecture: 'ThreeLayer' }], rankMultiple: 4 },
  }),
  rule('/spec/blocks/ratio', 'a ratio of separable blocks', {
    'spec.blocks': { architecture: 'TwoLayer', ratio: '0.25' },
  }),
  rule('/spec/blocks/layers', 'dense layers for separable blocks', {
    'spec.blocks': { layers: ['Convolution', 'Dense'], architecture: 'TwoLayer' },
  }),
  rule('/spec/blocks/layers', '1x1 convolutions for separable candidates', {
    'spec.blocks': {
      layers: ['Pointwise'],
      candidates: [{ architecture: 'ThreeLayer' }, { architecture: 'TwoLayer' }],
    },
  }),
  rule('/spec/blocks/candidates', 'candidates beside an architecture', {
    'spec.blocks': { architecture: 'TwoLayer', candidates: [{ architecture: 'LowRank' }] },
  }),
  rule('/spec/blocks/candidates', 'a candidate twice', {
    'spec.blocks': { candidates: [{ architecture: 'TwoLayer' }, { architecture: 'TwoLayer' }] },
  }),
  rule('/spec/blocks/candidates', 'a candidate with its default and without', {
    'spec.blocks': { candidates: [{ architecture: 'LowRank' }, { architecture: 'LowRank', ratio: '0.375' }] },
  }),
  rule('/spec/blocks/candidates', 'a ratio of a separable candidate', {
    'spec.blocks': { candidates: [{ architecture: 'TwoLayer', ratio: '0.5' }] },
  }),
  rule('/spec/blocks/batchNormalization', 'a normalisation in low-rank blocks', {
    'spec.blocks': { architecture: 'LowRank', batchNormalization: 'Enabled' },
  }),
  rule('/spec/training/earlyStopping/patience', 'a patience longer than the training', {
    'spec.training': { epochs: 3, earlyStopping: { patience: 3 } },
  }),
  rule('/spec/outputs/path', 'outputs in the data set', { 'spec.outputs.path': 'data/cifar-10/out' }),
  rule('/spec/outputs/path', 'outputs over the data set', { 'spec.outputs.path': 'data/cifar-10' }),
  rule('/spec/outputs/path', 'outputs around the teacher', { 'spec.outputs.path': 'teacher' }),

  ...BAD_CLUSTER,
];
