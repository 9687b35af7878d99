import { Type } from '@sinclair/typebox';
import { ARCHITECTURES, COST_SOURCES, LAYER_KINDS, PASSES, POLICIES, STUDENT_FORMATS } from '../words.ts';
import {
  choice,
  decimal,
  fraction,
  globs,
  integer,
  optionalDecimal,
  optionalFraction,
  optionalInteger,
  optionalProperFraction,
  optionalShare,
  relativePath,
  requiredChoice,
} from './scalars.ts';

/** The work: blocks, training, scheduling, selection, fine-tuning, outputs. */

/**
 * Defaults that the schema cannot express because they depend on another field: that of the rule `Accuracy` without `minAccuracy`,
 * that of SGD, and those of the blocks.
 */
export const DEPENDENT_DEFAULTS = {
  maxAccuracyDrop: '0.02',
  momentum: '0.9',
  architecture: 'LowRank',
  ratio: '0.375',
} as const;

const RATIO = `\`LowRank\` only: share of the channels that the inner layer has, rounded to multiples of 8; "${DEPENDENT_DEFAULTS.ratio}" when absent.`;

const architecture = (whenAbsent: string) =>
  requiredChoice(
    'The replacement: `LowRank`, a 1x1 convolution onto fewer channels, one like the layer’s, and a 1x1 convolution back; or the ' +
      `paper’s (Figure 2), two or three depthwise-separable layers, plain or with a skip connection. ${whenAbsent}`,
    ARCHITECTURES,
  );

export const Blocks = Type.Object(
  {
    architecture: Type.Optional(
      architecture(`"${DEPENDENT_DEFAULTS.architecture}" when \`candidates\` is absent too.`),
    ),
    ratio: optionalProperFraction(RATIO),
    candidates: Type.Optional(
      Type.Array(
        Type.Object(
          { architecture: architecture('Needed.'), ratio: optionalProperFraction(RATIO) },
          { additionalProperties: false, description: 'A replacement.' },
        ),
        {
          minItems: 1,
          maxItems: 8,
          description:
            'Several replacements a layer instead of one `architecture`: all are trained, in the same passes of the teacher, and the selection takes at most one a layer.',
        },
      ),
    ),
    layers: Type.Optional(
      Type.Array(requiredChoice('A kind of layer.', LAYER_KINDS), {
        minItems: 1,
        maxItems: LAYER_KINDS.length,
        description:
          'Kinds of layers to replace: `Convolution`, those larger than 1x1; `Pointwise`, 1x1 convolutions; `Dense`, dense layers. ' +
          'The last two are replaced by `LowRank` blocks only, two layers onto `ratio` of the smaller side and back, and stay where ' +
          'they give the class scores. `[Convolution]` when absent.',
      }),
    ),
    include: globs('Layer-name globs of the layers to replace, among those of the kinds in `layers`.', ['*'], 1),
    exclude: globs('Layer-name globs of the layers to leave alone; wins over `include`.', []),
    whenNotCheaper: choice(
      'What to do with a block that has no fewer parameters or no fewer multiply-accumulates than its layer: `Skip` keeps the ' +
        'teacher’s layer and says so in the plan, `Train` replaces it all the same (as the paper does), `Fail` refuses the job.',
      ['Skip', 'Train', 'Fail'],
      'Skip',
    ),
    bias: choice(
      'Whether the layers of separable blocks carry biases; of a low-rank block the last one.',
      ['Enabled', 'Disabled'],
      'Enabled',
    ),
    batchNormalization: choice(
      'Whether a batch normalisation follows each separable layer but the last.',
      ['Enabled', 'Disabled'],
      'Disabled',
    ),
  },
  { additionalProperties: false, default: {}, description: 'Which layers are replaced, and by what.' },
);

const Schedule = Type.Object(
  {
    type: choice(
      '`Constant` stays as it is; `Cosine` falls to zero over all steps; `Exponential` multiplies by `decayRate` every `decaySteps` steps.',
      ['Constant', 'Cosine', 'Exponential'],
      'Cosine',
    ),
    decayRate: optionalProperFraction('`Exponential` only, and needed there: factor such as "0.96".'),
    decaySteps: optionalInteger('`Exponential` only, and needed there: steps between two multiplications.', {
      minimum: 1,
      maximum: 100000000,
    }),
    warmupSteps: integer('Steps of linear rise to the full learning rate.', {
      minimum: 0,
      maximum: 1000000,
      default: 0,
    }),
  },
  { additionalProperties: false, default: {}, description: 'How the learning rate changes over the steps.' },
);

const optimizer = (type: 'RMSprop' | 'SGD' | 'Adam', learningRate: string) =>
  Type.Object(
    {
      type: choice('Optimizer, with the defaults of Keras.', ['RMSprop', 'SGD', 'Adam'], type),
      learningRate: decimal('Learning rate at its highest.', learningRate),
      momentum: optionalFraction('`SGD` only: Nesterov momentum, below 1; "0.9" when absent.'),
      clipNorm: optionalDecimal('Scale each weight’s gradient down to this norm.'),
      schedule: Schedule,
    },
    { additionalProperties: false, default: {}, description: 'Optimizer and learning rate.' },
  );

export const Training = Type.Object(
  {
    epochs: integer(
      'Passes over the training split for each block. One does for `LowRank` blocks, which start from the teacher’s activations, when fine-tuning follows; the paper’s architectures start from nothing and want four or more.',
      { minimum: 1, maximum: 10000, default: 1 },
    ),
    optimizer: optimizer('Adam', '0.002'),
    loss: choice(
      'Local loss of a block against the layer it replaces: plain mean squared error (equation 3), or divided by the mean square of the target, so that layers of different scale train alike.',
      ['MeanSquaredError', 'NormalizedMeanSquaredError'],
      'MeanSquaredError',
    ),
    seed: integer('Root of every random draw: initial weights, data order, augmentation.', {
      minimum: 0,
      maximum: 2147483647,
      default: 0,
    }),
    earlyStopping: Type.Optional(
      Type.Object(
        {
          patience: integer('Stop a block after so many epochs without improvement of its held-out local loss.', {
            minimum: 1,
            maximum: 1000,
            default: 3,
          }),
          minImprovement: fraction('What counts as improvement, relative to the best so far.', '0.01'),
        },
        {
          additionalProperties: false,
          description: 'Stops blocks that no longer improve. Absent: every block trains all its epochs.',
        },
      ),
    ),
    cpuThreads: integer(
      'Threads inside TensorFlow’s kernels on a CPU. Part of the recipe: on a CPU another count gives other bits.',
      { minimum: 1, maximum: 256, default: 1 },
    ),
  },
  { additionalProperties: false, default: {}, description: 'How blocks learn.' },
);

export const Scheduling = Type.Object(
  {
    policy: choice(
      '`RoundRobin` deals blocks out in order; `BinPacking` balances costs by worst-fit decreasing; `WorkStealing` starts the ' +
        'same way and lets an idle bin take blocks from the tail of another’s queue.',
      POLICIES,
      'WorkStealing',
    ),
    bins: integer('How many workers train at once, one GPU worker pod a bin.', {
      minimum: 1,
      maximum: 1024,
      default: 1,
    }),
    costSource: choice(
      'Where block costs come from: `Estimated` from arithmetic and memory traffic, `Recorded` from earlier jobs with this teacher on this volume (estimated where there are none), `Measured` by a few timed steps when planning.',
      COST_SOURCES,
      'Estimated',
    ),
    passes: choice(
      '`Fused` trains all blocks of a bin on one forward pass of the teacher; `Independent` runs it once a block, as the paper does. The weights are the same to the bit.',
      PASSES,
      'Fused',
    ),
  },
  {
    additionalProperties: false,
    default: {},
    description: 'How blocks are spread over workers. Has no effect on the result, only on the time.',
  },
);

export const Selection = Type.Object(
  {
    rule: choice(
      '`Accuracy` keeps the blocks above the threshold; `AllTrained` keeps every block whose training did not fail, and needs no ' +
        'labels; `Budget` keeps those with which the student stays closest to the teacher and costs no more than `budget`, and ' +
        'needs none either.',
      ['Accuracy', 'AllTrained', 'Budget'],
      'Accuracy',
    ),
    maxAccuracyDrop: optionalFraction(
      'Keep a block if the teacher with this one layer replaced loses at most this much accuracy, such as "0.02" for two points. `Accuracy` only; "0.02" when `minAccuracy` is absent too.',
    ),
    minAccuracy: optionalFraction(
      'Keep a block if the teacher with this one layer replaced reaches this accuracy. `Accuracy` only; excludes `maxAccuracyDrop`.',
    ),
    budget: Type.Optional(
      Type.Object(
        {
          parameters: optionalShare('Largest number of parameters, such as "0.25" for a quarter of the teacher’s.'),
          macs: optionalShare('Largest number of multiply-accumulates for one image.'),
          latency: optionalShare(
            'Longest time of a batch in ONNX Runtime on one thread of a CPU, predicted from the times of layers and candidates, which the finalizer measures once.',
          ),
        },
        {
          additionalProperties: false,
          description:
            'What the assembled student may cost, as shares of the whole teacher; at least one. `Budget` only, and needed there.',
        },
      ),
    ),
    split: choice(
      'The split that decides. The test split is not to be had: it would no longer measure anything.',
      ['Validation', 'Train'],
      'Validation',
    ),
  },
  { additionalProperties: false, default: {}, description: 'Which trained blocks enter the student.' },
);

export const FineTuning = Type.Object(
  {
    epochs: integer(
      'Passes over the training split. Kept is the latest epoch that is as good on validation as the best one, up to half a standard error; the last one in a job without labels. 0: no fine-tuning.',
      {
        minimum: 0,
        maximum: 10000,
        default: 6,
      },
    ),
    optimizer: optimizer('Adam', '0.002'),
    batchSize: integer('Samples a step.', { minimum: 1, maximum: 65536, default: 128 }),
    labels: choice('Whether cross-entropy with the labels is part of the loss.', ['Used', 'None'], 'Used'),
    teacherLogits: Type.Optional(
      Type.Object(
        {
          weight: decimal('Weight of the Kullback-Leibler divergence from the teacher’s softened outputs.', '1'),
          temperature: decimal('Temperature that softens both outputs.', '4'),
        },
        {
          additionalProperties: false,
          description: 'Learn from the teacher’s logits too (or, with `labels: None`, alone).',
        },
      ),
    ),
    freeze: globs(
      'Layer-name globs whose weights stay as they are. The paper freezes the 1x1 and dense layers of ResNet.',
      [],
    ),
    freezeUnreplaced: choice('Freeze every layer that was not replaced.', ['Enabled', 'Disabled'], 'Disabled'),
    augmentation: choice(
      '`Dataset` takes the data set’s augmentation; `Flip` mirrors left and right at random; `FlipAndCrop` also crops with padding 4, which pays from about ten epochs on; `None` none. Without crops and rotations the teacher is asked beforehand, once about each image and its mirror image.',
      ['Dataset', 'Flip', 'FlipAndCrop', 'None'],
      'None',
    ),
    batchNormalization: choice(
      '`Enabled` puts a batch normalisation between the convolutions of the blocks and the activations that follow them while the student is fine-tuned, and folds it into kernels and biases afterwards: the student has the layers, size and speed that it would have without. It lets a network without normalisation learn faster; a step takes a quarter longer. A convolution with a normalisation or no activation behind it stays as it is.',
      ['Enabled', 'Disabled'],
      'Disabled',
    ),
    control: choice(
      '`Enabled` fine-tunes the teacher too, with the same epochs, data and losses, and reports its accuracy beside the student’s: what of the student’s comes from training longer. It costs as much as fine-tuning, more for a teacher that is dearer than its student, and does not change the student.',
      ['Enabled', 'Disabled'],
      'Disabled',
    ),
    cpuThreads: integer('Threads inside TensorFlow’s kernels in the finalizer on a CPU. Part of the recipe.', {
      minimum: 1,
      maximum: 256,
      default: 2,
    }),
  },
  { additionalProperties: false, default: {}, description: 'Training of the assembled student as a whole.' },
);

export const Outputs = Type.Object(
  {
    path: relativePath('Folder on the volume for working files, student and report.'),
    formats: Type.Array(requiredChoice('A format.', STUDENT_FORMATS), {
      minItems: 1,
      maxItems: 8,
      default: ['TfjsLayers', 'Onnx'],
      description:
        'Formats of the student. `TfjsLayers`, a LayersModel of TensorFlow.js, is written in any case; `Keras` adds a `.keras` file that ' +
        'Keras 3.4 and later load, `Onnx` a `.onnx` file of operator set 17, and the speed of teacher and student in ONNX Runtime is measured. ' +
        'Each is read again and compared before the job succeeds.',
    }),
    onnxInput: choice(
      'What the `.onnx` file takes: `Prepared` floats, as `teacher.preprocessing` makes them, or 8-bit `Pixels` (RGB, or grey for a teacher of one channel), with the preprocessing as ' +
        'part of the network.',
      ['Prepared', 'Pixels'],
      'Prepared',
    ),
    workingFiles: choice(
      '`Keep` leaves checkpoints; `DeleteOnSuccess` removes them once the student is written.',
      ['Keep', 'DeleteOnSuccess'],
      'Keep',
    ),
  },
  { additionalProperties: false, description: 'Where results go.' },
);
