import { Type } from '@sinclair/typebox';
import { STUDENT_FORMATS } from '../words.ts';
import { optimizer } from './optimizer.ts';
import {
  choice,
  decimal,
  globs,
  integer,
  optionalFraction,
  optionalShare,
  relativePath,
  requiredChoice,
} from './scalars.ts';

/** What becomes of the trained blocks: selection, fine-tuning, and what is written. */

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
      'Enabled',
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
