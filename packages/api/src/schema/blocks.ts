import { Type } from '@sinclair/typebox';
import { ARCHITECTURES, LAYER_KINDS } from '../words.ts';
import { DEPENDENT_DEFAULTS } from './dependent-defaults.ts';
import { choice, globs, optionalInteger, optionalProperFraction, requiredChoice } from './scalars.ts';

/** Which layers are replaced, and by what. */

const RATIO = `\`LowRank\` only: share of the channels that the inner layer has, rounded to multiples of \`rankMultiple\`; "${DEPENDENT_DEFAULTS.ratio}" when absent.`;

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
    rankMultiple: optionalInteger(
      '`LowRank` only: the inner layer has a multiple of so many channels, and no fewer. What the vector unit of the device takes at a time: ' +
        `${DEPENDENT_DEFAULTS.rankMultiple}, for x86-64, when absent; 4 for most Arm devices.`,
      { minimum: 1, maximum: 64 },
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
