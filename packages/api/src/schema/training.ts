import { Type } from '@sinclair/typebox';
import { COST_SOURCES, PASSES, POLICIES } from '../words.ts';
import { optimizer } from './optimizer.ts';
import { choice, fraction, integer } from './scalars.ts';

/** How blocks are trained, and how they are spread over the bins. */

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
