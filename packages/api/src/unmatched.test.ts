import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTermination, encodeTermination, type PlanSummary } from './formats/termination.ts';
import { LEFT_OUT, UNMATCHED, unmatchedFreeze, unmatchedPatterns } from './unmatched.ts';

const VGG = [2, 2, 3, 3, 3].flatMap((convolutions, block) =>
  Array.from({ length: convolutions }, (_, conv) => `block${block + 1}_conv${conv + 1}`),
);
const stays = (reason: string, ...names: string[]) => names.map((name) => ({ name, reason }));

describe('patterns without effect', () => {
  it.each<[string, string[], string[], string[]]>([
    ['none', ['*'], [], []],
    ['those of real layers', ['block3_conv2', 'block4_*'], ['block4_conv?'], []],
    [
      'slips of the issue',
      ['block3_conv2', 'blck4_*'],
      ['typo'],
      [
        '"blck4_*" in spec.blocks.include matches no convolution of the teacher; the nearest name is block4_conv1.',
        '"typo" in spec.blocks.exclude matches no convolution of the teacher.',
      ],
    ],
    [
      'another case of letters',
      ['Block5_conv3'],
      [],
      [
        '"Block5_conv3" in spec.blocks.include matches no convolution of the teacher; the nearest name is block5_conv3.',
      ],
    ],
    [
      'a slip after the run',
      ['*_cnv3'],
      [],
      ['"*_cnv3" in spec.blocks.include matches no convolution of the teacher; the nearest name is block3_conv3.'],
    ],
  ])('%s', (_, ...[include, exclude, expected]) => {
    const layers = { blocks: VGG.filter((name) => name !== 'block2_conv1'), kept: stays('x', 'block2_conv1') };
    expect(unmatchedPatterns({ include, exclude }, layers)).toEqual(expected);
  });

  it('are also those of `include` that match only convolutions that stay, with the reason', () => {
    const kept = [
      ...stays('depthwise convolution, already cheap', 'point1', 'point2'),
      ...stays(LEFT_OUT.excluded, 'stem'),
    ];
    expect(
      unmatchedPatterns(
        { include: ['conv*', 'point*', 'stem'], exclude: ['stem', 'point1'] },
        { blocks: ['conv1'], kept },
      ),
    ).toEqual([
      '"point*" in spec.blocks.include matches only 2 convolutions, which all stay (point1: depthwise convolution, already cheap).',
      '"stem" in spec.blocks.include matches only a convolution that stays (stem: matches spec.blocks.exclude).',
    ]);
  });

  it('of fine-tuning are compared with the layers of the student', () => {
    expect(unmatchedFreeze(['dense*', 'conv1', 'nrom'], ['conv1', 'norm', 'scores'])).toEqual([
      '"dense*" in spec.fineTuning.freeze matches no layer of the student.',
      '"nrom" in spec.fineTuning.freeze matches no layer of the student; the nearest name is norm.',
    ]);
  });

  it('are told in a bounded list, which travels to the operator whatever the patterns', () => {
    const word = fc.string({ minLength: 1, maxLength: 256 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.array(word, { maxLength: 12 }), (include, exclude) => {
        const unmatched = unmatchedPatterns({ include, exclude }, { blocks: ['conv1'], kept: [] });
        expect(unmatched.length).toBeLessThanOrEqual(UNMATCHED.most);
        const summary: PlanSummary = {
          version: 1,
          key: 'k',
          recipe: 'r',
          epochs: 1,
          stepsPerEpoch: 1,
          costUnit: 'MAC',
          costSource: 'Estimated',
          samples: { train: 1, validation: 1, test: 1 },
          teacher: { sha256: 't', params: 1, macs: 1 },
          datasetSha256: 'd',
          kept: 0,
          unmatched,
          blocks: [],
        };
        const said = { type: 'Planned', plan: summary } as const;
        expect(decodeTermination(encodeTermination(said) ?? '')).toEqual(said);
      }),
    );
    const many = Array.from({ length: 9 }, (_, index) => `none${index}`);
    expect(unmatchedPatterns({ include: many, exclude: [] }, { blocks: ['a'], kept: [] }).at(-1)).toBe(
      '4 more patterns have no effect.',
    );
  });
});
