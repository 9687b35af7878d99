import { expect, test } from 'vitest';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { LayerInfo } from '@distillation/api/plan';
import { type BlockGraph, exportBlock } from '../../../blocks/export.ts';
import { buildBlock } from '../../../blocks/architectures.ts';
import { runBlock } from '../../../blocks/forward.ts';
import { initialWeights } from '../../../blocks/weights.ts';
import { randomStream } from '@distillation/core/random';
import { listLayers } from '../candidates.ts';
import { modelCosts } from '../costs.ts';
import type { Network } from '../graph.ts';
import { compile, execute } from '../../execute.ts';
import { loadTeacher, type Teacher } from '../../load.ts';
import { assembleStudent, type Replacement, studentParts } from './replace.ts';
import { networkProbe } from '../suffix.ts';
import {
  fixture,
  pixels,
  relativeDifference,
  artifactsOf,
  saveWithTfjs,
  take,
  testTf,
} from '../../../../test/teacher.ts';
import type { Weight } from '@distillation/ledger/tensors';

const tf = await testTf();

async function teacher(name: string): Promise<Teacher> {
  return loadTeacher(tf, { path: await fixture(`${name}.keras`) });
}

function candidates(network: Teacher): readonly LayerInfo[] {
  return listLayers(network, { include: ['*'], exclude: [], layers: ['Convolution', 'Dense'] }).candidates;
}

async function assembled(network: Teacher, replacements: ReadonlyMap<string, Replacement>): Promise<Network> {
  return assembleStudent(tf, studentParts(network, replacements));
}

function outputs(model: Teacher['model'], x: Tensor4D): Float32Array {
  return take(model.apply(x, { training: false }) as Tensor);
}

/** The layer itself as a block, so that the student must equal the teacher. */
function sameLayer(network: Teacher, layer: string): Replacement {
  const { className = '', config = {} } = network.graph.layers.get(layer) ?? {};
  const nodes = [
    { name: 'same', className, config: { ...config, activation: 'linear' }, inputs: ['@input'] },
    { name: 'end', className: 'Activation', config: { activation: activationOf(network, layer) }, inputs: ['same'] },
  ];
  const weights = network.model.getLayer(layer).weights.map((variable): Weight => {
    const tensor = variable.read();
    const name = `same/${variable.originalName.split('/')[1] ?? ''}`;
    return { name, shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) };
  });
  return { block: { nodes, output: 'end' }, weights };
}

function activationOf(network: Teacher, layer: string): string {
  return candidates(network).find(({ name }) => name === layer)?.activation ?? '';
}

/** Random weights for a block, with the shapes that its layers have in a separate model. */
function randomReplacement(info: LayerInfo, block: BlockGraph): Replacement {
  const weights: Weight[] = [];
  let channels = info.inputShape[2];
  const fill = (name: string, shape: number[]): void => {
    const stream = randomStream('replace.test', info.name, name);
    const size = shape.reduce((product, value) => product * value, 1);
    weights.push({ name, shape, data: Float32Array.from({ length: size }, () => 0.1 + 0.2 * stream.next()) });
  };
  for (const { name, className, config } of block.nodes) {
    if (className === 'BatchNormalization') {
      for (const weight of ['gamma', 'beta', 'moving_mean', 'moving_variance']) fill(`${name}/${weight}`, [channels]);
    }
    if (className !== 'SeparableConv2D') continue;
    const filters = config['filters'] as number;
    fill(`${name}/depthwise_kernel`, [...(config['kernel_size'] as number[]), channels, 1]);
    fill(`${name}/pointwise_kernel`, [1, 1, channels, filters]);
    fill(`${name}/bias`, [filters]);
    channels = filters;
  }
  return { block, weights };
}

test.each(['vgg16', 'resnet50', 'kernels', 'branches', 'nested'])(
  '%s: every layer replaced by itself gives the teacher',
  async (name) => {
    const network = await teacher(name);
    const layers = candidates(network).map((layer) => layer.name);
    const student = await assembled(network, new Map(layers.map((layer) => [layer, sameLayer(network, layer)])));
    const x = pixels(tf, [2, ...network.inputShape]);
    expect(relativeDifference(outputs(student.model, x), outputs(network.model, x))).toBeLessThan(1e-6);
    expect(modelCosts(student).macs).toBe(modelCosts(network).macs);
    const names = student.model.layers.map((layer) => layer.name);
    for (const layer of layers) {
      expect(names).not.toContain(layer);
      expect(names).toContain(`${layer}_distill_same`);
    }
  },
);

test.each(['TwoLayer', 'ThreeLayer', 'TwoLayerSkip', 'ThreeLayerSkip'] as const)(
  '%s blocks in VGG16 and ResNet50: saved and loaded by stock TensorFlow.js, the student computes the same',
  async (architecture) => {
    for (const name of ['vgg16', 'resnet50']) {
      const network = await teacher(name);
      const replacements = new Map<string, Replacement>();
      const convolutions = candidates(network).filter(({ className }) => className === 'Conv2D');
      for (const info of convolutions.slice(-2)) {
        const options = { bias: 'Enabled', batchNormalization: 'Enabled' } as const;
        const block = exportBlock(buildBlock({ layer: info, architecture }, options));
        replacements.set(info.name, randomReplacement(info, block));
      }
      const student = await assembled(network, replacements);
      const x = pixels(tf, [2, ...network.inputShape]);
      const expected = outputs(student.model, x);
      expect(relativeDifference(expected, outputs(network.model, x))).toBeGreaterThan(1e-3);
      const folder = await saveWithTfjs(tf, student.model);
      // The student can be the teacher of the next round, with the same outputs.
      const again = await loadTeacher(tf, { path: folder });
      expect(outputs(again.model, x)).toEqual(expected);
      expect(again.graph.nodes.map((node) => node.id)).toEqual(student.graph.nodes.map((node) => node.id));
      const stock = await tf.loadLayersModel(tf.io.fromMemory(await artifactsOf(tf, student.model)));
      expect(outputs(stock, x)).toEqual(expected);
    }
  },
);

test('a student with one block is the teacher probed with that block', async () => {
  const network = await teacher('resnet50');
  const info = candidates(network).find((layer) => layer.name === 'conv4_block2_2_conv');
  if (info === undefined) throw new Error('no such layer');
  const block = exportBlock(
    buildBlock({ layer: info, architecture: 'TwoLayer' }, { bias: 'Enabled', batchNormalization: 'Disabled' }),
  );
  const student = await assembled(network, new Map([[info.name, randomReplacement(info, block)]]));
  const x = pixels(tf, [2, ...network.inputShape]);
  const output = `${info.name}_distill_${block.output}`;
  const program = compile(student.graph, ['conv4_block2_1_relu'], [output]);
  const probed = tf.tidy(() => {
    const seen = networkProbe(tf, network, [info.name])(x).layers.get(info.name);
    const feeds = new Map([['conv4_block2_1_relu', seen?.input ?? x]]);
    const replaced = execute(tf, student, { program, feeds }).get(output);
    return seen?.outputWith(replaced as Tensor4D) ?? x;
  });
  expect(take(probed)).toEqual(outputs(student.model, x));
});

test('the teacher stays as it is', async () => {
  const network = await teacher('vgg16');
  const x = pixels(tf, [2, ...network.inputShape]);
  const before = outputs(network.model, x);
  const student = await assembled(network, new Map([['block3_conv2', sameLayer(network, 'block3_conv2')]]));
  student.model.setWeights(student.model.getWeights().map((weight) => tf.zerosLike(weight)));
  student.model.dispose();
  expect(outputs(network.model, x)).toEqual(before);
});

test.each([
  ['a layer that is not there', 'none', 'The layer none is applied 0 times'],
  ['a layer applied twice', 'shared', 'The layer shared is applied 2 times'],
])('%s cannot be replaced', async (_, layer, message) => {
  const network = await teacher('branches');
  const replacement = sameLayer(network, 'stem');
  await expect(assembled(network, new Map([[layer, replacement]]))).rejects.toThrow(message);
});

test('weights that do not fit the block are refused by name', async () => {
  const network = await teacher('vgg16');
  const { block, weights } = sameLayer(network, 'block3_conv2');
  const wrong = weights.map((weight) =>
    weight.name === 'same/bias' ? { ...weight, shape: [3], data: new Float32Array(3) } : weight,
  );
  const attempt = assembled(network, new Map([['block3_conv2', { block, weights: wrong }]]));
  await expect(attempt).rejects.toMatchObject({ code: 'DISTILL_E_INTERNAL' });
  await expect(attempt).rejects.toThrow('weight bias of layer "block3_conv2_distill_same" has the shape [3], not [4]');
});

test.each([
  ['vgg16', 'fc1'],
  ['mobile', 'conv_pw_1'],
])('%s: a low-rank block in place of %s is saved and loaded by stock TensorFlow.js', async (name, layer) => {
  const network = await teacher(name);
  const listed = listLayers(network, { include: [layer], exclude: [], layers: ['Pointwise', 'Dense'] }).candidates;
  const [info] = listed;
  if (info === undefined) throw new Error('no such layer');
  const options = { bias: 'Enabled', batchNormalization: 'Disabled' } as const;
  const structure = buildBlock({ layer: info, architecture: 'LowRank', ratio: '0.5' }, options);
  const weights = initialWeights(structure, { seed: 1, block: layer, attempt: 0 });
  const student = await assembled(network, new Map([[layer, { block: exportBlock(structure), weights }]]));
  const x = pixels(tf, [2, ...network.inputShape]);
  const expected = outputs(student.model, x);
  expect(relativeDifference(expected, outputs(network.model, x))).toBeGreaterThan(1e-3);
  // What the block was measured as inside the teacher is what the student computes.
  const tensors = new Map(weights.map((weight) => [weight.name, tf.tensor(weight.data, [...weight.shape])]));
  const probed = tf.tidy(() => {
    const seen = networkProbe(tf, network, [layer])(x).layers.get(layer);
    if (seen === undefined) throw new Error('not probed');
    return Float32Array.from(
      seen.outputWith(runBlock(tf, structure, { x: seen.input, weights: tensors, training: false })).dataSync(),
    );
  });
  expect(relativeDifference(probed, expected)).toBeLessThan(1e-6);
  const again = await loadTeacher(tf, { path: await saveWithTfjs(tf, student.model) });
  expect(outputs(again.model, x)).toEqual(expected);
  const stock = await tf.loadLayersModel(tf.io.fromMemory(await artifactsOf(tf, student.model)));
  expect(outputs(stock, x)).toEqual(expected);
});
