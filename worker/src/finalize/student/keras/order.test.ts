import { expect, test } from 'vitest';
import { type Call, kerasOrder, type Operation } from './order.ts';

const call = (layer: string, application = 0): Call => ({ layer, application });
const operation = (name: string, ...inputs: string[]): Operation => ({
  name,
  inputs: [inputs.map((each) => call(each))],
});

const order = (operations: readonly Operation[], output: Call): string[] =>
  kerasOrder(operations, output).map(({ name }) => name);

// The orders are those of `keras.Model(...).layers` in Keras 3.15.

test('a chain is in its own order, whatever the order in which it is described', () => {
  const chain = [operation('dense', 'gap'), operation('image'), operation('gap', 'conv'), operation('conv', 'image')];
  expect(order(chain, call('dense'))).toEqual(['image', 'conv', 'gap', 'dense']);
});

test('a branch that became longer comes first', () => {
  const branches = [
    operation('image'),
    operation('stem', 'image'),
    operation('p', 'stem'),
    operation('relu', 'p'),
    operation('q', 'stem'),
    operation('reduce', 'q'),
    operation('core', 'reduce'),
    operation('expand', 'core'),
    operation('add', 'relu', 'expand'),
  ];
  expect(order(branches, call('add'))).toEqual(['image', 'stem', 'q', 'reduce', 'p', 'core', 'relu', 'expand', 'add']);
});

test('a layer that is applied twice counts as its farthest application', () => {
  const shared: Operation[] = [
    operation('image'),
    { name: 'conv', inputs: [[call('image')], [call('relu')]] },
    operation('relu', 'conv'),
    { name: 'add', inputs: [[call('relu'), call('conv', 1)]] },
  ];
  expect(order(shared, call('add'))).toEqual(['image', 'conv', 'relu', 'add']);
});
