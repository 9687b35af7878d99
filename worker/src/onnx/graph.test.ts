import { expect, test } from 'vitest';
import { floats, OnnxGraph, toProto, type Value } from './graph.ts';

const end = (value: Value, name: string) => ({ value, name, element: 'float', shape: [2] }) as const;

test('an input that is left out is named empty between others, and not at all at the end', () => {
  const graph = new OnnxGraph();
  const input: Value = { hint: 'in' };
  graph.layer = 'conv';
  const kernel = floats('kernel', [1], [1]);
  const first = graph.add('Conv', [input, kernel, undefined]);
  const output = graph.add('Clip', [first, undefined, kernel]);
  const { node, initializer } = toProto(graph, 'g', { input: end(input, 'images'), output: end(output, 'scores') });
  expect(node.map(({ name, input: inputs, output: [made] }) => [name, inputs, made])).toEqual([
    ['conv', ['images', 'kernel'], 'conv'],
    ['conv_1', ['conv', '', 'kernel'], 'scores'],
  ]);
  expect(initializer).toHaveLength(1);
});
