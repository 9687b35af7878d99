import { Type } from '@sinclair/typebox';
import {
  choice,
  decimal,
  integer,
  optionalDecimal,
  optionalFraction,
  optionalInteger,
  optionalProperFraction,
} from './scalars.ts';

/** What changes the weights of blocks and student. */

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

export const optimizer = (type: 'RMSprop' | 'SGD' | 'Adam', learningRate: string) =>
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
