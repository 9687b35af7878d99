import { expect, test } from 'vitest';
import { fixture, testTf } from '../../../../test/teacher.ts';
import { loadTeacher } from '../../load.ts';
import { normalizable, normalizationOf, normalizedGraph } from './normalize.ts';

const tf = await testTf();
const graphOf = async (name: string) => (await loadTeacher(tf, { path: await fixture(`${name}.keras`) })).graph;

test('a network without normalisation: every convolution, but not the dense layers', async () => {
  const graph = await graphOf('vgg16');
  const convolutions = [...graph.layers.values()].filter(({ className }) => className === 'Conv2D');
  expect(normalizable(graph)).toEqual(convolutions.map(({ name }) => name));
});

test('a convolution with a normalisation behind it already is left alone', async () => {
  const graph = await graphOf('resnet50');
  expect(normalizable(graph)).toEqual([]);
});

test('the normalisation stands between the convolution and its activation, and the bias is its', async () => {
  const graph = await graphOf('vgg16');
  const [name = ''] = normalizable(graph);
  const before = graph.nodes.find(({ inputs }) => inputs.includes(name));
  const changed = normalizedGraph(graph, [name]);
  expect(changed.layers.get(name)?.config).toMatchObject({ use_bias: false, activation: 'linear' });
  const at = changed.nodes.findIndex(({ id }) => id === name);
  expect(changed.nodes.slice(at, at + 3).map(({ layer }) => changed.layers.get(layer)?.className)).toEqual([
    'Conv2D',
    'BatchNormalization',
    'Activation',
  ]);
  const activation = changed.nodes[at + 2]?.id ?? '';
  expect(changed.nodes[at + 2]?.inputs).toEqual([normalizationOf(graph, name)]);
  expect(changed.layers.get(activation)?.config).toEqual({ activation: graph.layers.get(name)?.config['activation'] });
  expect(changed.nodes.find(({ id }) => id === before?.id)?.inputs).toEqual([activation]);
  // The graph that was given is as it was, and a second normalisation has no place.
  expect(graph.layers.get(name)?.config['activation']).toBe('relu');
  expect(normalizable(changed)).not.toContain(name);
  expect(changed.nodes).toHaveLength(graph.nodes.length + 2);
});

test('a name that a layer has already is not taken', async () => {
  const graph = await graphOf('vgg16');
  const [name = ''] = normalizable(graph);
  const layer = graph.layers.get(name);
  if (layer === undefined) throw new Error('no convolution');
  const taken = { ...graph, layers: new Map([...graph.layers, [`${name}_normalized`, layer]]) };
  const changed = normalizedGraph(taken, [name]);
  expect(normalizationOf(taken, name)).toBe(`${name}_normalized_`);
  expect(changed.layers.get(`${name}_normalized`)).toBe(layer);
  expect(changed.layers.get(`${name}_normalized_`)?.className).toBe('BatchNormalization');
});
