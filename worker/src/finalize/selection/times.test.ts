import type { BlocksSpec } from '@distillation/api/job';
import { LAYER_KINDS } from '@distillation/api/words';
import { expect, test } from 'vitest';
import { openBackend } from '../../backend/select.ts';
import { asTeacher, tinyModel } from '../../../test/finalize.ts';
import { fixture } from '../../../test/teacher.ts';
import { planBlocks } from '../../commands/planning/plan-blocks.ts';
import { listLayers } from '../../teacher/graph/candidates.ts';
import { loadTeacher } from '../../teacher/load.ts';
import { requireLatency, timeLayers } from './times.ts';

const { tf } = await openBackend({ cpuThreads: 1 });
const teacher = await asTeacher(tinyModel(tf), tf);
const SPEC: BlocksSpec = {
  include: ['*'],
  exclude: [],
  candidates: [{ architecture: 'LowRank', ratio: '0.5' }, { architecture: 'ThreeLayerSkip' }],
  whenNotCheaper: 'Train',
  bias: 'Enabled',
  batchNormalization: 'Enabled',
};

test('every layer and every candidate is timed, and no tensor is left', async () => {
  const { blocks } = planBlocks(listLayers(teacher, SPEC).candidates, SPEC);
  const before = tf.memory().numTensors;
  const times = await timeLayers({ tf, teacher, blocks, spec: SPEC, batch: 2 });
  expect(tf.memory().numTensors).toBe(before);
  expect(times.runtime).toMatch(/^ONNX Runtime \d+\.\d+/);
  expect([...times.layers.keys()]).toEqual(['conv1', 'conv2']);
  expect([...times.blocks.keys()]).toEqual(blocks.map(({ name }) => name));
  expect(times.blocks.size).toBe(4);
  for (const time of [times.teacher, ...times.layers.values(), ...times.blocks.values()]) {
    expect(time).toBeGreaterThan(0);
  }
});

test('layers of every kind are timed', async () => {
  const large = await loadTeacher(tf, { path: await fixture('vgg16.keras') });
  const spec: BlocksSpec = {
    ...SPEC,
    layers: [...LAYER_KINDS],
    candidates: [{ architecture: 'LowRank', ratio: '0.25' }],
    batchNormalization: 'Disabled',
  };
  const { blocks } = planBlocks(listLayers(large, spec).candidates, spec);
  expect(new Set(blocks.map(({ layer }) => layer.className))).toEqual(new Set(['Conv2D', 'Dense']));
  const { layers, blocks: times } = await timeLayers({ tf, teacher: large, blocks, spec, batch: 2 });
  expect([...layers.keys()]).toEqual(blocks.map(({ layer }) => layer.name));
  for (const time of [...layers.values(), ...times.values()]) expect(time).toBeGreaterThan(0);
});

test('a teacher that ONNX Runtime runs can have its latency limited', async () => {
  await expect(requireLatency(teacher)).resolves.toBeUndefined();
});
