import { expect, test } from 'vitest';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { LAYER_KINDS } from '@distillation/api/words';
import { listLayers } from './candidates.ts';
import { teacherCut } from './cut.ts';
import { compile } from '../execute.ts';
import { loadTeacher, type Teacher } from '../load.ts';
import { fixture, pixels, take, testTf } from '../../../test/teacher.ts';

const tf = await testTf();

async function teacher(name: string): Promise<Teacher> {
  return loadTeacher(tf, { path: await fixture(`${name}.keras`) });
}

/** The layer's input and output as computed by a LayersModel with these outputs. */
function byModel(network: Teacher, layer: string, x: Tensor4D): [Float32Array, Float32Array] {
  const { input, output } = network.model.getLayer(layer);
  const model = (of: typeof input): Tensor =>
    tf.model({ inputs: network.model.inputs, outputs: of }).apply(x, { training: false }) as Tensor;
  const isImage = network.graph.nodes.find((node) => node.id === layer)?.inputs[0] === network.graph.input;
  return [isImage ? Float32Array.from(x.dataSync()) : take(model(input)), take(model(output))];
}

test.each(['vgg16', 'resnet50', 'kernels', 'nested', 'mobile'])(
  '%s: one pass gives the inputs and outputs of all layers',
  async (name) => {
    const network = await teacher(name);
    const everything = { include: ['*'], exclude: [], layers: LAYER_KINDS };
    const layers = listLayers(network, everything).candidates.map((layer) => layer.name);
    const x = pixels(tf, [2, ...network.inputShape]);
    const cut = teacherCut(tf, network, layers);
    const before = tf.memory().numTensors;
    const seen = tf.tidy(() =>
      [...cut.run(x)].map(([layer, { input, target }]) => ({
        layer,
        input: Float32Array.from(input.dataSync()),
        target: Float32Array.from(target.dataSync()),
      })),
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(seen.map(({ layer }) => layer)).toEqual(layers);
    for (const { layer, input, target } of seen) {
      const [expectedInput, expectedTarget] = byModel(network, layer, x);
      expect(input).toEqual(expectedInput);
      expect(target).toEqual(expectedTarget);
      // With a layer that sees only zeros, this test would prove little.
      expect(new Set(input).size, layer).toBeGreaterThan(1);
    }
  },
);

test('what a set of layers sees does not depend on which others are in the set', async () => {
  const network = await teacher('resnet50');
  const layers = listLayers(network, { include: ['*'], exclude: [] }).candidates.map((layer) => layer.name);
  const x = pixels(tf, [2, ...network.inputShape]);
  const targets = (names: readonly string[]): Map<string, Float32Array> => {
    const seen = new Map<string, Float32Array>();
    tf.tidy(() => {
      for (const [layer, { target }] of teacherCut(tf, network, names).run(x)) {
        seen.set(layer, Float32Array.from(target.dataSync()));
      }
    });
    return seen;
  };
  const together = targets(layers);
  for (const layer of layers.slice(5, 9)) expect(targets([layer]).get(layer)).toEqual(together.get(layer));
});

test('only what the layers need is run, once, and freed after its last use', async () => {
  const { graph } = await teacher('resnet50');
  const fetches = ['conv2_block1_1_relu', 'conv2_block1_2_conv'];
  const { steps } = compile(graph, [graph.input], fetches);
  const ran = steps.map(({ node }) => node.id);
  expect(new Set(ran).size).toBe(ran.length);
  expect(ran).toEqual([
    ...['conv1_pad', 'conv1_conv', 'conv1_bn', 'conv1_relu', 'pool1_pad', 'pool1_pool'],
    ...['conv2_block1_1_conv', 'conv2_block1_1_bn', 'conv2_block1_1_relu', 'conv2_block1_2_conv'],
  ]);
  const freed = steps.flatMap(({ free }) => free);
  expect(freed.toSorted()).toEqual(ran.filter((id) => !fetches.includes(id)).toSorted());
});

test('memory: a pass leaves no more tensors than its results', async () => {
  const network = await teacher('resnet50');
  const x = pixels(tf, [2, ...network.inputShape]);
  const cut = teacherCut(tf, network, ['conv5_block3_2_conv']);
  const before = tf.memory().numTensors;
  const pairs = cut.run(x);
  // Outside a tidy nothing is freed automatically: only the input and the target remain.
  expect(tf.memory().numTensors).toBe(before + 2);
  for (const { input, target } of pairs.values()) tf.dispose([input, target]);
});

test('a layer that is not there, or is applied twice, is refused by name', async () => {
  const network = await teacher('branches');
  expect(() => teacherCut(tf, network, ['stem', 'none'])).toThrow('The layer none is applied 0 times, not once.');
  expect(() => teacherCut(tf, network, ['shared'])).toThrow('The layer shared is applied 2 times, not once.');
});
