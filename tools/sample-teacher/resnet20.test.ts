import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseManifest } from '@distillation/api/manifest';
import type { Tensor } from '@tensorflow/tfjs';
import { nodeFileLayer } from '@distillation/ledger/file-layer';
import { writeFolder } from '@distillation/ledger/write-folder';
import { expect, test } from 'vitest';
import { openBackend } from '../../worker/src/backend/select.ts';
import { planBlocks } from '../../worker/src/commands/planning/plan-blocks.ts';
import { modelFiles } from '../../worker/src/finalize/student/export.ts';
import { requireCandidates } from '../../worker/src/teacher/graph/candidates.ts';
import { modelCosts } from '../../worker/src/teacher/graph/costs.ts';
import type { Network } from '../../worker/src/teacher/graph/graph.ts';
import { loadTeacher } from '../../worker/src/teacher/load.ts';
import { normalTensor } from '../../worker/test/backend.ts';
import { buildResnet20 } from './resnet20.ts';

const { tf } = await openBackend({ cpuThreads: 1 });
const network = await buildResnet20(tf, { classes: 10, seed: 1 });

const outputs = ({ model }: Pick<Network, 'model'>): Float32Array =>
  tf.tidy(() => (model.apply(normalTensor(tf, [4, 32, 32, 3], 'images')) as Tensor).dataSync<'float32'>());

test('has the 19 convolutions of ResNet-20 and two projections, which are no candidates', () => {
  const { candidates, kept } = requireCandidates(network, { include: ['*'], exclude: [] });
  expect(
    candidates.map(({ name, inputShape, outputShape }) => `${name} ${inputShape.join('x')} ${outputShape.join('x')}`),
  ).toEqual([
    'stem 32x32x3 32x32x16',
    ...[1, 2, 3].flatMap((block) => [1, 2].map((index) => `stage1_block${block}_conv${index} 32x32x16 32x32x16`)),
    'stage2_block1_conv1 32x32x16 16x16x32',
    'stage2_block1_conv2 16x16x32 16x16x32',
    ...[2, 3].flatMap((block) => [1, 2].map((index) => `stage2_block${block}_conv${index} 16x16x32 16x16x32`)),
    'stage3_block1_conv1 16x16x32 8x8x64',
    'stage3_block1_conv2 8x8x64 8x8x64',
    ...[2, 3].flatMap((block) => [1, 2].map((index) => `stage3_block${block}_conv${index} 8x8x64 8x8x64`)),
  ]);
  expect(kept.map(({ layer }) => layer.name)).toEqual(['stage2_block1_projection', 'stage3_block1_projection']);
  expect(network.model.countParams()).toBe(274_042);
});

test('starts so that the logits are neither all the same nor extreme', () => {
  const largest = Math.max(...outputs(network).map(Math.abs));
  expect(largest).toBeGreaterThan(0.5);
  expect(largest).toBeLessThan(100);
});

test('is read back as a teacher that gives logits and computes the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'resnet20-'));
  try {
    const path = join(folder, 'teacher');
    await writeFolder(nodeFileLayer, path, modelFiles(network).files);
    const teacher = await loadTeacher(tf, { path });
    expect(outputs(teacher)).toEqual(outputs(network));
    expect(teacher).toMatchObject({ inputShape: [32, 32, 3], classes: 10, outputs: 'Logits', params: 274_042 });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the sample job asks for a student of less than 1/3.5 of its weights and a third of its multiply-accumulates, which its blocks allow', async () => {
  const manifest = fileURLToPath(new URL('../../manifests/samples/cifar10-resnet20.yaml', import.meta.url));
  const { blocks: wanted, selection } = parseManifest(await readFile(manifest, 'utf8'), manifest).spec;
  const budget = { params: selection.budget?.parameters, macs: selection.budget?.macs };
  const { candidates } = requireCandidates(network, wanted);
  const { blocks } = planBlocks(candidates, wanted);
  const layers = candidates.filter(({ name }) => name !== 'stem');
  expect(layers).toHaveLength(18);
  const costs = modelCosts(network);
  for (const [measure, most] of [
    ['params', 1 / 3.5],
    ['macs', 1 / 3],
  ] as const) {
    const saved = layers.map((layer) => {
      const cheapest = Math.min(
        ...blocks.filter((block) => block.layer.name === layer.name).map((block) => block[measure]),
      );
      return layer[measure] - cheapest;
    });
    const least = 1 - saved.reduce((sum, one) => sum + one, 0) / costs[measure];
    const asked = Number(budget[measure]);
    expect(asked).toBeLessThan(most);
    expect(least).toBeLessThan(asked);
  }
});
