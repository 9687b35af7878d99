import { expect, test } from 'vitest';
import type { Rank, Tensor } from '@tensorflow/tfjs';
import { listLayers } from './candidates.ts';
import { teacherCut } from './cut.ts';
import { loadTeacher, type Teacher } from '../load.ts';
import { frontier, networkProbe, networkSuffix } from './suffix.ts';
import { fixture, pixels, relativeDifference, take, testTf } from '../../../test/teacher.ts';

const tf = await testTf();

async function teacher(name: string): Promise<Teacher> {
  return loadTeacher(tf, { path: await fixture(`${name}.keras`) });
}

function candidateNames(network: Teacher): string[] {
  return listLayers(network, { include: ['*'], exclude: [], layers: ['Convolution', 'Dense'] }).candidates.map(
    (layer) => layer.name,
  );
}

test.each(['vgg16', 'resnet50', 'branches', 'nested'])(
  "%s: with the teacher's own output in place of any layer, the network's output is the teacher's to the bit",
  async (name) => {
    const network = await teacher(name);
    const layers = candidateNames(network);
    const x = pixels(tf, [2, ...network.inputShape]);
    const expected = take(network.model.apply(x, { training: false }) as Tensor);
    const cut = teacherCut(tf, network, layers);
    const probe = networkProbe(tf, network, layers);
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const pairs = cut.run(x);
      const { output, layers: probed } = probe(x);
      expect(output.dataSync()).toEqual(expected);
      expect([...probed.keys()]).toEqual(layers);
      for (const layer of layers) {
        const pair = pairs.get(layer);
        const seen = probed.get(layer);
        if (pair === undefined || seen === undefined) throw new Error(layer);
        expect(seen.input.dataSync()).toEqual(pair.input.dataSync());
        expect(seen.outputWith(pair.target).dataSync()).toEqual(expected);
      }
    });
    expect(tf.memory().numTensors).toBe(before);
  },
);

test('another output of one layer changes what follows as it would inside the network', async () => {
  const network = await teacher('resnet50');
  const layer = 'conv3_block2_2_conv';
  const x = pixels(tf, [2, ...network.inputShape]);
  const probed = networkProbe(tf, network, [layer])(x).layers.get(layer);
  const zeros = tf.zeros<Rank.R4>([
    2,
    ...(network.model.getLayer(layer).outputShape.slice(1) as [number, number, number]),
  ]);
  const replaced = probed === undefined ? [] : take(probed.outputWith(zeros));
  const convolution = network.model.getLayer(layer);
  const weights = convolution.getWeights();
  convolution.setWeights(weights.map((weight) => tf.zerosLike(weight)));
  const zeroed = take(network.model.apply(x, { training: false }) as Tensor);
  expect(relativeDifference(replaced, zeroed)).toBe(0);
});

test('a chain needs nothing else; in a ResNet the skip connection is needed, and no more', async () => {
  const vgg = await teacher('vgg16');
  for (const layer of candidateNames(vgg)) expect(frontier(vgg.graph, layer)).toEqual([]);
  const resnet = await teacher('resnet50');
  expect(frontier(resnet.graph, 'conv1_conv')).toEqual([]);
  expect(frontier(resnet.graph, 'conv2_block1_2_conv')).toEqual(['conv2_block1_0_bn']);
  expect(frontier(resnet.graph, 'conv2_block2_2_conv')).toEqual(['conv2_block1_out']);
});

test('the suffix runs on its frontier alone', async () => {
  const network = await teacher('resnet50');
  const suffix = networkSuffix(tf, network, 'conv5_block3_2_conv');
  expect(suffix.frontier).toEqual(['conv5_block2_out']);
  const shortcut = tf.zeros([1, 2, 2, 8]);
  const result = suffix.run(tf.zeros([1, 2, 2, 4]), new Map([['conv5_block2_out', shortcut]]));
  expect(result.shape).toEqual([1, 10]);
  // The caller keeps the feeds.
  expect(shortcut.isDisposed).toBe(false);
});
