import { expect, test } from 'vitest';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { fixture, pixels, relativeDifference, take, testTf } from '../../../test/teacher.ts';
import { loadTeacher, type Teacher } from '../../teacher/load.ts';
import { normalizable, normalizationOf } from '../../teacher/graph/rewrite/normalize.ts';
import type { TrainingBatch } from '../measuring/batches.ts';
import { normalizeForTraining, type Normalized } from './normalized.ts';
import { namedWeights } from './training-mode.ts';

const tf = await testTf();

const outputs = ({ model }: Pick<Teacher, 'model'>, x: Tensor4D): Float32Array =>
  take(model.apply(x, { training: false }) as Tensor);
const bits = (network: Teacher): string =>
  [...namedWeights(network.model).values()]
    .map((weight) => Buffer.from(weight.dataSync<'float32'>().slice().buffer).toString('hex'))
    .join();

async function opened(name: string): Promise<{ network: Teacher; x: Tensor4D; normalized: Normalized }> {
  const network = await loadTeacher(tf, { path: await fixture(`${name}.keras`) });
  const [, ...shape] = network.model.inputs[0]?.shape ?? [];
  const x = pixels(tf, [6, ...shape.map((size) => size ?? 32)]);
  const images = Float32Array.from(x.dataSync());
  async function* batches(): AsyncGenerator<TrainingBatch> {
    yield await Promise.resolve({ images, labels: new Int32Array(6), sampleIds: new Uint32Array(6) });
  }
  const normalized = await normalizeForTraining(tf, { network, layers: normalizable(network.graph), batches });
  if (normalized === undefined) throw new Error('nothing was normalised');
  return { network, x, normalized };
}

test.each(['vgg16', 'kernels', 'branches'])('%s: begins as the same function', async (name) => {
  const { network, x, normalized } = await opened(name);
  expect(relativeDifference(outputs(normalized.network, x), outputs(network, x))).toBeLessThan(1e-4);
  normalized.dispose();
});

test.each(['vgg16', 'kernels', 'branches'])(
  '%s: what has been learnt is folded into the network that it came from',
  async (name) => {
    const { network, x, normalized } = await opened(name);
    const before = bits(network);
    let drawn = 1;
    // A step of training, as far as the weights can tell.
    for (const [weight, variable] of namedWeights(normalized.network.model)) {
      drawn = (drawn * 16807) % 2147483647;
      const factor = 1 + 0.2 * (drawn / 2147483647);
      variable.assign(tf.tidy(() => (weight.endsWith('/beta') ? variable.add(0.1 * factor) : variable.mul(factor))));
    }
    const learnt = outputs(normalized.network, x);
    expect(relativeDifference(learnt, outputs(network, x))).toBeGreaterThan(1e-2);
    normalized.fold();
    expect(relativeDifference(outputs(network, x), learnt)).toBeLessThan(1e-4);
    normalized.restore();
    expect(bits(network)).toBe(before);
    normalized.dispose();
  },
);

test('scale and shift begin as deviation and mean of what the layer gives', async () => {
  const { network, x, normalized } = await opened('vgg16');
  const [name = ''] = normalized.network.graph.layers.keys();
  const layer = [...normalized.network.graph.layers.keys()].find((each) => each.endsWith('_normalized')) ?? name;
  const source = layer.replace(/_normalized$/, '');
  expect(normalizationOf(network.graph, source)).toBe(layer);
  const weights = namedWeights(normalized.network.model);
  const [kernel, bias] = network.model.getLayer(source).getWeights();
  const y = tf.add(tf.conv2d(x, (kernel ?? x) as Tensor4D, 1, 'same'), bias ?? 0);
  const { mean, variance } = tf.moments(y, [0, 1, 2]);
  const deviation = tf.sqrt(tf.add(variance, 1e-3));
  expect(relativeDifference(weights.get(`${layer}/beta`)?.dataSync() ?? [], take(mean))).toBeLessThan(1e-4);
  expect(relativeDifference(weights.get(`${layer}/gamma`)?.dataSync() ?? [], take(deviation))).toBeLessThan(1e-4);
  normalized.dispose();
});
