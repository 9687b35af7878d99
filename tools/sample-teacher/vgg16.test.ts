import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '../../worker/src/backend/select.ts';
import { normalTensor } from '../../worker/test/backend.ts';
import { modelFiles } from '../../worker/src/finalize/student/export.ts';
import { nodeFileLayer } from '@distillation/ledger/file-layer';
import { writeFolder } from '@distillation/ledger/write-folder';
import { requireCandidates } from '../../worker/src/teacher/graph/candidates.ts';
import type { Network } from '../../worker/src/teacher/graph/graph.ts';
import { loadTeacher } from '../../worker/src/teacher/load.ts';
import type { Tensor } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { buildVgg16 } from './vgg16.ts';

const { tf } = await openBackend({ cpuThreads: 1 });
const network = await buildVgg16(tf, { width: 0.25, classes: 10, seed: 1 });

const values = (output: Tensor): number[] => Array.from(output.dataSync());
const outputs = ({ model }: Pick<Network, 'model'>): number[] =>
  tf.tidy(() => values(model.apply(normalTensor(tf, [8, 32, 32, 3], 'images')) as Tensor));
const sha256 = async (seed: number): Promise<string> => {
  const again = await buildVgg16(tf, { width: 0.25, classes: 10, seed });
  const files = modelFiles(again);
  again.model.dispose();
  return files.sha256;
};

test('has the 13 convolutions of VGG16 at quarter width, each a candidate', () => {
  const { candidates, kept } = requireCandidates(network, { include: ['*'], exclude: [] });
  expect(kept).toEqual([]);
  expect(
    candidates.map(({ name, kernel, inputShape, outputShape }) =>
      [name, kernel.join('x'), inputShape.join('x'), outputShape.join('x')].join(' '),
    ),
  ).toEqual([
    'block1_conv1 3x3 32x32x3 32x32x16',
    'block1_conv2 3x3 32x32x16 32x32x16',
    'block2_conv1 3x3 16x16x16 16x16x32',
    'block2_conv2 3x3 16x16x32 16x16x32',
    'block3_conv1 3x3 8x8x32 8x8x64',
    'block3_conv2 3x3 8x8x64 8x8x64',
    'block3_conv3 3x3 8x8x64 8x8x64',
    'block4_conv1 3x3 4x4x64 4x4x128',
    'block4_conv2 3x3 4x4x128 4x4x128',
    'block4_conv3 3x3 4x4x128 4x4x128',
    'block5_conv1 3x3 2x2x128 2x2x128',
    'block5_conv2 3x3 2x2x128 2x2x128',
    'block5_conv3 3x3 2x2x128 2x2x128',
  ]);
  expect(network.model.countParams()).toBe(922_074);
});

test('starts with the same weights for the same seed, and with others for another', async () => {
  const { sha256: first } = modelFiles(network);
  expect(await sha256(1)).toBe(first);
  expect(await sha256(2)).not.toBe(first);
});

test('starts so that the signal reaches the deepest convolution', () => {
  const deepest = network.model.getLayer('block5_conv3').output;
  const upTo = tf.model({ inputs: network.model.inputs, outputs: deepest });
  const [meanSquare] = tf.tidy(() => {
    const output = upTo.apply(normalTensor(tf, [8, 32, 32, 3], 'images')) as Tensor;
    return values(tf.mean(tf.square(output)));
  });
  // It is 1 for the images. Padding reduces it and pooling increases it; without the gain of 2 it would be 2^-13 of this.
  expect(meanSquare).toBeGreaterThan(0.05);
  expect(meanSquare).toBeLessThan(20);
});

test('is read back as a teacher that gives logits and computes the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vgg16-'));
  try {
    const path = join(folder, 'teacher');
    await writeFolder(nodeFileLayer, path, modelFiles(network).files);
    const teacher = await loadTeacher(tf, { path });
    expect(outputs(teacher)).toEqual(outputs(network));
    expect(teacher).toMatchObject({ inputShape: [32, 32, 3], classes: 10, outputs: 'Logits', params: 922_074 });
  } finally {
    await rm(folder, { recursive: true });
  }
});
