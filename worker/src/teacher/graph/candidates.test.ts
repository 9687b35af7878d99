import { expect, test } from 'vitest';
import type { LayerInfo } from '@distillation/api/plan';
import type { LayerKind } from '@distillation/api/words';
import { listLayers, reasonsText, requireCandidates } from './candidates.ts';
import { modelCosts } from './costs.ts';
import { loadTeacher, type Teacher } from '../load.ts';
import { fixture, reference, testTf } from '../../../test/teacher.ts';

const tf = await testTf();
const ALL = { include: ['*'], exclude: [] };

async function teacher(name: string): Promise<Teacher> {
  return loadTeacher(tf, { path: await fixture(`${name}.keras`) });
}

function names(layers: readonly LayerInfo[]): string[] {
  return layers.map((layer) => layer.name);
}

test('VGG16 has its 13 blocks, in order', async () => {
  const { candidates, kept } = listLayers(await teacher('vgg16'), ALL);
  expect(names(candidates)).toEqual(
    [2, 2, 3, 3, 3].flatMap((count, block) =>
      Array.from({ length: count }, (_, conv) => `block${block + 1}_conv${conv + 1}`),
    ),
  );
  expect(kept).toEqual([]);
  expect(candidates.map((layer) => layer.depth)).toEqual([1, 2, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17]);
  expect(candidates[2]).toEqual({
    name: 'block2_conv1',
    className: 'Conv2D',
    kernel: [3, 3],
    strides: [1, 1],
    padding: 'same',
    dilation: [1, 1],
    activation: 'relu',
    inputShape: [16, 16, 2],
    outputShape: [16, 16, 3],
    params: 2 * 9 * 3 + 3,
    macs: 16 * 16 * 9 * 2 * 3,
    depth: 4,
    prefixMacs: 32 * 32 * 9 * (3 * 2 + 2 * 2) + 16 * 16 * 9 * 2 * 3,
    // Two convolutions, a pooling, and its own.
    prefixElements: 32 * 32 * (3 + 2 + 2 + 2 + 2) + 16 * 16 * (2 + 2 + 3),
  });
});

test('ResNet50 has 16 3x3 blocks and the 7x7 stem; 36 1x1 convolutions stay', async () => {
  const network = await teacher('resnet50');
  const { candidates, kept } = listLayers(network, ALL);
  const blocks = [3, 4, 6, 3].flatMap((count, stack) =>
    Array.from({ length: count }, (_, block) => `conv${stack + 2}_block${block + 1}_2_conv`),
  );
  expect(names(candidates)).toEqual(['conv1_conv', ...blocks]);
  expect(candidates[0]).toMatchObject({ kernel: [7, 7], strides: [2, 2], padding: 'valid', inputShape: [70, 70, 3] });
  // The output is linear, since batch normalisation and ReLU come after.
  expect(new Set(candidates.map((layer) => layer.activation))).toEqual(new Set(['linear']));
  expect(kept).toHaveLength(36);
  expect(new Set(kept.map(({ reason }) => reason))).toEqual(
    new Set(['1x1 convolution, and spec.blocks.layers does not name Pointwise']),
  );
  const without = listLayers(network, { include: ['*'], exclude: ['conv1_conv'] });
  expect(names(without.candidates)).toEqual(blocks);
  expect(without.kept).toContainEqual(expect.objectContaining({ reason: 'matches spec.blocks.exclude' }));
});

test('the prefix of a layer is what must run for it: not the other side of a skip connection', async () => {
  const { candidates, kept } = listLayers(await teacher('resnet50'), ALL);
  const stem = candidates.find((layer) => layer.name === 'conv1_conv');
  const reduce = kept.find(({ layer }) => layer.name === 'conv2_block1_1_conv')?.layer;
  const block = candidates.find((layer) => layer.name === 'conv2_block1_2_conv');
  const normalizations = 32 * 32 * 2 + 16 * 16 * 2;
  expect(block?.prefixMacs).toBe((stem?.macs ?? 0) + (reduce?.macs ?? 0) + (block?.macs ?? 0) + normalizations);
});

test('every kind of geometry is read', async () => {
  const { candidates, kept } = listLayers(await teacher('kernels'), ALL);
  expect(
    candidates.map(({ name, kernel, strides, padding, dilation, activation, outputShape }) => [
      name,
      kernel.join('x'),
      strides.join('x'),
      padding,
      dilation.join('x'),
      activation,
      outputShape.join('x'),
    ]),
  ).toEqual([
    ['k7', '7x7', '1x1', 'same', '1x1', 'relu', '24x20x4'],
    ['k5_stride2', '5x5', '2x2', 'same', '1x1', 'elu', '12x10x4'],
    ['valid', '3x3', '1x1', 'valid', '1x1', 'relu6', '10x8x4'],
    ['padded', '3x3', '2x1', 'valid', '1x1', 'linear', '5x9x4'],
    ['tall', '3x1', '1x1', 'same', '1x1', 'tanh', '5x9x4'],
    ['dilated', '3x3', '1x1', 'same', '2x2', 'swish', '5x9x4'],
  ]);
  expect(kept).toEqual([]);
});

test.each([
  [
    'mobile',
    ['conv1'],
    {
      conv_dw_1: 'depthwise convolution, already cheap',
      sep: 'depthwise convolution, already cheap',
      conv_pw_1: '1x1 convolution, and spec.blocks.layers does not name Pointwise',
      conv_preds: '1x1 convolution, and spec.blocks.layers does not name Pointwise',
    },
  ],
  [
    'branches',
    ['stem'],
    {
      grouped: 'grouped convolution (Conv2D with 2 groups)',
      shared: 'shared: applied 2 times, so that no one input and output define it',
      transpose: 'Conv2DTranspose: only Conv2D has a replacement',
    },
  ],
  ['nested', ['base_conv', 'inner_conv', 'conv'], {}],
  ['twice', ['stem'], { conv: 'shared: applied 2 times, so that no one input and output define it' }],
])('%s: what stays has its reason', async (name, expected, reasons) => {
  const { candidates, kept } = listLayers(await teacher(name), ALL);
  expect(names(candidates)).toEqual(expected);
  expect(Object.fromEntries(kept.map(({ layer, reason }) => [layer.name, reason]))).toEqual(reasons);
});

test('a job whose globs leave nothing is told what stays and why', async () => {
  const network = await teacher('mobile');
  const refused = (include: string[]): string => {
    try {
      requireCandidates(network, { include, exclude: [] });
    } catch (error) {
      expect(error).toMatchObject({ code: 'DISTILL_E_NO_CANDIDATE' });
      return error instanceof Error ? error.message : '';
    }
    return 'not refused';
  };
  const message = refused(['sep', 'block*', 'cnv*']);
  expect(message).toContain('conv1: does not match spec.blocks.include');
  expect(message).toContain('"block*" in spec.blocks.include matches no convolution of the teacher.');
  expect(message).toContain(
    '"cnv*" in spec.blocks.include matches no convolution of the teacher; the nearest name is conv1.',
  );
  // A pattern that matches something is explained by the reasons.
  expect(message).not.toContain('"sep"');
  expect(requireCandidates(network, ALL).candidates).toHaveLength(1);
});

test('a refusal says each reason once, however many layers there are', async () => {
  const { kept } = listLayers(await teacher('resnet50'), { include: ['none'], exclude: [] });
  expect(reasonsText(kept)).toBe(
    'conv1_conv and 16 more: does not match spec.blocks.include; conv2_block1_0_conv and 35 more: 1x1 convolution, and spec.blocks.layers does not name Pointwise',
  );
});

test('the parameters of a model are those that Keras counts', async () => {
  for (const name of ['vgg16', 'resnet50', 'kernels', 'sequential', 'nested', 'twice']) {
    const network = await teacher(name);
    expect(modelCosts(network).params).toBe((await reference(name)).params);
    expect(network.params).toBe(modelCosts(network).params);
  }
});

test('multiply-accumulates by hand: every kind of layer that has some', async () => {
  const costs = modelCosts(await teacher('mobile'));
  const byName = Object.fromEntries(costs.layers.filter(({ macs }) => macs > 0).map(({ name, macs }) => [name, macs]));
  expect(byName).toEqual({
    normalize: 16 * 16 * 3,
    conv1: 8 * 8 * 9 * 3 * 4,
    conv1_bn: 8 * 8 * 4,
    conv_dw_1: 8 * 8 * 9 * 8,
    sep: 8 * 8 * 8 * (9 + 6),
    conv_pw_1: 8 * 8 * 6 * 6,
    conv_preds: 6 * 3,
  });
  expect(costs.macs).toBe(Object.values(byName).reduce((total, macs) => total + macs, 0));
  const branches = modelCosts(await teacher('branches'));
  // A shared layer costs each time it is applied; a transposed convolution computes at its input's positions.
  expect(branches.layers.find(({ name }) => name === 'shared')?.macs).toBe(2 * 16 * 16 * 9 * 10 * 4);
  expect(branches.layers.find(({ name }) => name === 'transpose')?.macs).toBe(16 * 16 * 9 * 4 * 4);
});

const ofKinds = async (name: string, ...layers: LayerKind[]): Promise<readonly [string[], Record<string, string>]> => {
  const { candidates, kept } = listLayers(await teacher(name), { ...ALL, layers });
  return [names(candidates), Object.fromEntries(kept.map(({ layer, reason }) => [layer.name, reason]))];
};

test('1x1 convolutions and dense layers are candidates where the job says so, and not those that give the class scores', async () => {
  const larger = 'larger than 1x1, and spec.blocks.layers does not name Convolution';
  const [mobile, stay] = await ofKinds('mobile', 'Pointwise');
  expect(mobile).toEqual(['conv_pw_1']);
  expect(stay).toMatchObject({
    conv1: larger,
    conv_preds: 'gives the class scores',
    sep: 'depthwise convolution, already cheap',
  });
  const [resnet] = await ofKinds('resnet50', 'Convolution', 'Pointwise', 'Dense');
  expect(resnet).toHaveLength(17 + 36);
  const [dense, scores] = await ofKinds('resnet50', 'Dense');
  expect(dense).toEqual([]);
  expect(scores).toMatchObject({ predictions: 'gives the class scores', conv1_conv: larger });
});

test('a vector is an image of one position to a block', async () => {
  const { candidates } = listLayers(await teacher('vgg16'), { ...ALL, layers: ['Dense'] });
  expect(candidates.map(({ name, inputShape, outputShape, macs }) => [name, inputShape, outputShape, macs])).toEqual([
    ['fc1', [1, 1, 6], [1, 1, 8], 48],
    ['fc2', [1, 1, 8], [1, 1, 8], 64],
  ]);
});

test('a network without a layer of the kinds that the job names is refused with them', async () => {
  const network = await teacher('vgg16');
  const refused = (): unknown => requireCandidates(network, { ...ALL, layers: ['Pointwise'] });
  expect(refused).toThrow(
    /No convolution of the teacher can be replaced: block1_conv1 and 12 more: larger than 1x1, and spec/,
  );
});
