import { Type } from '@sinclair/typebox';
import {
  SIGNED_DECIMAL_PATTERN,
  POSITIVE_PATTERN,
  choice,
  integer,
  optionalInteger,
  optionalShare,
  properFraction,
  relativePath,
} from './scalars.ts';

/** The inputs: teacher and data set. */

const channelValues = (description: string, pattern: string) =>
  Type.Optional(
    Type.Array(Type.String({ description: 'Value of a channel.', pattern, maxLength: 24 }), {
      description,
      minItems: 1,
      maxItems: 4,
    }),
  );

export const Preprocessing = Type.Object(
  {
    mode: choice(
      'How 8-bit RGB pixels become the teacher’s input, named as in Keras: `None` leaves 0..255; `Caffe` reverses to BGR and ' +
        'subtracts the ImageNet means; `Tf` scales to -1..1; `Torch` scales to 0..1 and standardises by the ImageNet means and ' +
        'deviations; `Custom` computes (pixel x `scale` - `mean`) / `std`.',
      ['None', 'Caffe', 'Tf', 'Torch', 'Custom'],
      'None',
    ),
    scale: Type.Optional(
      Type.String({
        description:
          '`Custom` only: factor applied to each pixel first, such as "0.00392156862745098" (1/255); 1 when absent.',
        pattern: POSITIVE_PATTERN,
        maxLength: 24,
      }),
    ),
    mean: channelValues(
      '`Custom` only: subtracted after scaling, one value for each channel in RGB order or one for all; 0 when absent.',
      SIGNED_DECIMAL_PATTERN,
    ),
    std: channelValues(
      '`Custom` only: divisor after subtraction, one value for each channel in RGB order or one for all; 1 when absent.',
      POSITIVE_PATTERN,
    ),
  },
  { additionalProperties: false, default: {}, description: 'How the teacher was trained to see pixels.' },
);

export const Teacher = Type.Object(
  {
    path: relativePath('The trained network on the volume: a `model.json` or its folder, a `.h5` or a `.keras` file.'),
    format: choice('File format; `Auto` looks into the file.', ['Auto', 'TfjsLayers', 'KerasH5', 'Keras'], 'Auto'),
    outputs: choice(
      'What the last layer gives: class probabilities or logits. `Auto` looks for a softmax.',
      ['Auto', 'Logits', 'Probabilities'],
      'Auto',
    ),
    preprocessing: Preprocessing,
    expectedAccuracy: optionalShare(
      'Accuracy that the teacher is known to have, such as "0.78". The planner fails before anything is trained when the teacher is ' +
        'clearly worse on up to 2,000 validation samples (by more than two points and the luck of the sample), as it is with wrong ' +
        '`preprocessing`. It changes no weights.',
    ),
  },
  { additionalProperties: false, description: 'The trained network to make smaller.' },
);

export const Augmentation = Type.Object(
  {
    flipHorizontal: choice('Mirror an image left to right with probability 1/2.', ['Enabled', 'Disabled'], 'Disabled'),
    flipVertical: choice('Mirror an image upside down with probability 1/2.', ['Enabled', 'Disabled'], 'Disabled'),
    cropPadding: integer(
      'Pad by this many mirrored pixels on each side, then cut the original size at a random place. 0: none.',
      {
        minimum: 0,
        maximum: 64,
        default: 0,
      },
    ),
    rotateDegrees: integer('Turn by a random angle of at most this many degrees either way (bilinear). 0: none.', {
      minimum: 0,
      maximum: 180,
      default: 0,
    }),
  },
  {
    additionalProperties: false,
    default: {},
    description: 'Random changes of the training images, drawn from (seed, epoch, sample) alone.',
  },
);

export const Dataset = Type.Object(
  {
    path: relativePath('Folder of the data set on the volume.'),
    format: choice(
      'Layout of the folder: `Cifar10`, `Cifar100` (binary version), `Idx` (MNIST, Fashion-MNIST; plain or .gz), `ImageFolder` ' +
        '(pictures in train/CLASS/, optionally validation/ and test/), `UnlabelledFolder` (pictures in train/; takes `labels: None`). ' +
        'The user guide lists the formats of pictures and other names of the splits that are read.',
      ['Cifar10', 'Cifar100', 'Idx', 'ImageFolder', 'UnlabelledFolder'],
      'ImageFolder',
    ),
    validation: Type.Object(
      {
        fraction: properFraction(
          'Share of the training split held out for selection when the data set has no validation split of its own. The last ' +
            'samples for the binary formats, every n-th file of each class for folders.',
          '0.1',
        ),
      },
      {
        additionalProperties: false,
        default: {},
        description:
          'The held-out split: it selects blocks and the best epoch of fine-tuning. The test split is read once, at the end.',
      },
    ),
    limits: Type.Object(
      {
        train: optionalInteger('Use only the first so many training samples.', { minimum: 1, maximum: 2147483647 }),
        validation: optionalInteger('Use only the first so many validation samples.', {
          minimum: 1,
          maximum: 2147483647,
        }),
        test: optionalInteger('Use only the first so many test samples.', { minimum: 1, maximum: 2147483647 }),
      },
      { additionalProperties: false, default: {}, description: 'Caps on the number of samples, for a quick trial.' },
    ),
    resize: choice(
      'How an image of another size becomes the teacher’s: `None` refuses it, `Stretch` ignores the aspect ratio, `CenterCrop` ' +
        'scales the shorter side and cuts the middle.',
      ['None', 'Stretch', 'CenterCrop'],
      'None',
    ),
    augmentation: Augmentation,
    batchSize: integer('Samples a training step.', { minimum: 1, maximum: 65536, default: 256 }),
    labels: choice(
      'Whether labels are read. `None` is a job without labels: blocks learn as ever, no accuracy can be measured, so it takes ' +
        '`selection.rule: AllTrained` and fine-tuning by `teacherLogits` alone (or none).',
      ['Used', 'None'],
      'Used',
    ),
    loaderThreads: integer(
      'Threads that decode and augment beside the training thread, a worker. More is not faster: the paper’s Figure 5 shows too many slow every task.',
      { minimum: 1, maximum: 64, default: 1 },
    ),
    maxUnreadable: integer(
      'How many unreadable images are counted, named and left out before the job fails: cut off, empty, no picture at all, links to nothing.',
      {
        minimum: 0,
        maximum: 1000000,
        default: 0,
      },
    ),
  },
  {
    additionalProperties: false,
    description: 'The images. Blocks learn from them without labels; labels measure, select and fine-tune.',
  },
);
