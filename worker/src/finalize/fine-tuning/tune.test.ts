import { expect, test } from 'vitest';
import type { Graph } from '../../teacher/graph/graph.ts';
import { frozenLayers } from './tune.ts';

const network = (...names: string[]): { graph: Graph; model: never } => ({
  graph: { layers: new Map(names.map((name) => [name, {}])) } as unknown as Graph,
  model: undefined as never,
});
const teacher = network('image', 'conv1', 'conv1x1', 'bn', 'fc');
const student = network('image', 'conv1_distill_sep1', 'conv1_distill_sep2', 'conv1x1', 'bn', 'fc');

test.each([
  { freeze: [], freezeUnreplaced: 'Disabled', frozen: [] },
  // The paper's ResNet: 1x1 convolutions and dense layers stay.
  { freeze: ['*1x1', 'fc'], freezeUnreplaced: 'Disabled', frozen: ['conv1x1', 'fc'] },
  { freeze: [], freezeUnreplaced: 'Enabled', frozen: ['image', 'conv1x1', 'bn', 'fc'] },
  {
    freeze: ['*_sep1'],
    freezeUnreplaced: 'Enabled',
    frozen: ['image', 'conv1_distill_sep1', 'conv1x1', 'bn', 'fc'],
  },
] as const)('freeze $freeze, unreplaced $freezeUnreplaced: $frozen', ({ frozen, ...spec }) => {
  expect([...frozenLayers(student, teacher, { ...spec, freeze: [...spec.freeze] })]).toEqual(frozen);
});

test('of the control, those are unreplaced that the student still has', () => {
  const frozen = frozenLayers(teacher, student, { freeze: ['bn'], freezeUnreplaced: 'Enabled' });
  expect([...frozen]).toEqual(['image', 'conv1x1', 'bn', 'fc']);
  expect([...frozenLayers(teacher, student, { freeze: ['bn'], freezeUnreplaced: 'Disabled' })]).toEqual(['bn']);
});

test('a normalisation of the image inside the network is frozen whatever the job says', () => {
  const prepared = network('image', 'normalize', 'conv1');
  Object.assign(prepared.graph.layers.get('normalize') ?? {}, { name: 'normalize', origin: 'Normalization' });
  expect([...frozenLayers(prepared, prepared, { freeze: [], freezeUnreplaced: 'Disabled' })]).toEqual(['normalize']);
});
