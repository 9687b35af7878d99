/**
 * For tests, run as a program: `worker/test/backend-train.ts <native|wasm> <threads>` trains a small block for a few steps and
 * prints the backend's name and the SHA-256 of the weights.
 */
import { createHash } from 'node:crypto';
import type { Tensor1D, Tensor4D, Variable } from '@tensorflow/tfjs';
import { batchNormTraining } from '../src/backend/batch-normalization.ts';
import { openBackend } from '../src/backend/select.ts';
import { normalTensor } from './backend.ts';

const [prefer = 'native', threads = '1'] = process.argv.slice(2);
const { tf, name } = await openBackend({ prefer: prefer as 'native' | 'wasm', cpuThreads: Number(threads) });
const CHANNELS = 16;
const x = normalTensor(tf, [16, 12, 12, CHANNELS], 'input') as Tensor4D;
const target = normalTensor(tf, [16, 12, 12, CHANNELS], 'target');
const variable = (shape: number[], label: string): Variable => tf.variable(normalTensor(tf, shape, label).mul(0.2));
const layers = [0, 1].map((i) => ({
  depthwise: variable([3, 3, CHANNELS, 1], `depthwise ${i}`),
  pointwise: variable([1, 1, CHANNELS, CHANNELS], `pointwise ${i}`),
  bias: variable([CHANNELS], `bias ${i}`),
  gamma: variable([CHANNELS], `gamma ${i}`),
  beta: variable([CHANNELS], `beta ${i}`),
}));
const optimizer = tf.train.rmsprop(1e-2);
for (let step = 0; step < 5; step++) {
  tf.tidy(() => {
    const { grads } = tf.variableGrads(() => {
      let y = x;
      for (const { depthwise, pointwise, bias, gamma, beta } of layers) {
        const narrow = tf.depthwiseConv2d(y, depthwise as unknown as Tensor4D, 1, 'same');
        const wide = tf.conv2d(narrow, pointwise as unknown as Tensor4D, 1, 'same').add<Tensor4D>(bias);
        const moments = { gamma: gamma as unknown as Tensor1D, beta: beta as unknown as Tensor1D, epsilon: 1e-3 };
        y = tf.relu(batchNormTraining(tf, { x: wide, ...moments }).y);
      }
      return tf.mean(tf.squaredDifference(y, target));
    });
    optimizer.applyGradients(grads);
  });
}
const hash = createHash('sha256');
for (const layer of layers) for (const weight of Object.values(layer)) hash.update(weight.dataSync<'float32'>());
process.stdout.write(`${name} ${hash.digest('hex')}\n`);
