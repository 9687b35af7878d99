import { expect, it } from 'vitest';
import { parseIndexes } from './indexes.ts';

it.each([
  [undefined, []],
  ['', []],
  ['0', [0]],
  ['1,3-5,7', [1, 3, 4, 5, 7]],
  ['0-2', [0, 1, 2]],
  ['2-1', []],
  ['x,1,-3,4-', [1]],
])('reads the indexes %j', (text, expected) => {
  expect([...parseIndexes(text)]).toEqual(expected);
});
