import { describe, expect, it } from 'vitest';
import type { BlocksSpec } from '@distillation/api/job';
import { layerInfo } from '../../../../packages/api/test/testing.ts';
import { planBlocks } from './plan-blocks.ts';

const SPEC: BlocksSpec = {
  include: ['*'],
  exclude: [],
  whenNotCheaper: 'Skip',
  bias: 'Enabled',
  batchNormalization: 'Disabled',
};

/** A 3x3 convolution of as many channels in as out, on 8x8 positions. */
function convolution(name: string, channels: number, more: Partial<Parameters<typeof layerInfo>[0]> = {}) {
  const params = 9 * channels * channels + channels;
  const shape = [8, 8, channels] as const;
  return layerInfo({
    name,
    inputShape: shape,
    outputShape: shape,
    params,
    macs: 64 * 9 * channels * channels,
    ...more,
  });
}

const names = (blocks: readonly { readonly name: string }[]): string[] => blocks.map(({ name }) => name);

describe('planBlocks with several candidates', () => {
  const candidates: BlocksSpec['candidates'] = [
    { architecture: 'LowRank', ratio: '0.25' },
    { architecture: 'LowRank', ratio: '0.5' },
    { architecture: 'TwoLayer' },
  ];

  it('plans a block for each, layer by layer', () => {
    const { blocks, untrained, kept } = planBlocks([convolution('a', 64), convolution('b', 64)], {
      ...SPEC,
      candidates,
    });
    expect(names(blocks)).toEqual(
      ['a', 'b'].flatMap((layer) => ['LowRank-0.25', 'LowRank-0.5', 'TwoLayer'].map((each) => `${layer}@${each}`)),
    );
    expect([untrained, kept]).toEqual([[], []]);
    expect(blocks[0]?.macs).toBeLessThan(blocks[1]?.macs ?? 0);
  });

  it('trains no block twice, and none that is no cheaper than its layer, and says which', () => {
    const third = { architecture: 'LowRank', ratio: '0.4' } as const;
    const narrow = planBlocks([convolution('narrow', 16)], { ...SPEC, candidates: [...candidates, third] });
    // A quarter, a half and two fifths of 16 channels are all rounded to 8; the one that is trained is named.
    const same = 'a block would be the same as narrow@LowRank-0.25';
    expect(names(narrow.blocks)).toEqual(['narrow@LowRank-0.25', 'narrow@TwoLayer']);
    expect(narrow.untrained).toEqual([
      { block: 'narrow@LowRank-0.5', reason: same },
      { block: 'narrow@LowRank-0.4', reason: same },
    ]);
    // Of two that are the same and no cheaper, both are no cheaper.
    const pair = [candidates[0], candidates[1]].flatMap((each) => each ?? []);
    const least = convolution('least', 8);
    const { kept } = planBlocks([convolution('narrow', 16), least], { ...SPEC, candidates: pair });
    expect(kept.map(({ layer, reason }) => [layer.name, reason.includes('the same as')])).toEqual([['least', false]]);
  });

  it('keeps a layer that no candidate can replace, each reason once', () => {
    const [uneven, other] = [convolution('uneven', 64, { strides: [2, 1] }), convolution('other', 64)];
    const separable: BlocksSpec['candidates'] = [{ architecture: 'TwoLayer' }, { architecture: 'ThreeLayer' }];
    const { kept } = planBlocks([uneven, other], { ...SPEC, candidates: separable });
    expect(kept.map(({ layer, reason }) => [layer.name, reason])).toEqual([
      ['uneven', 'its strides 2x1 differ, which separable layers do not take'],
    ]);
    // The inner convolution of a low-rank block is like the layer.
    expect(names(planBlocks([uneven], { ...SPEC, architecture: 'LowRank' }).blocks)).toEqual(['uneven']);
  });
});
