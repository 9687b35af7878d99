import { expect, it } from 'vitest';
import { withoutFields } from './fields.ts';

it('leaves out fields at any depth, keeps the entries of lists, and shares nothing with the value', () => {
  const value = { a: null, b: [null, { c: null, d: 1 }], e: { f: 'text' } };
  const copy = withoutFields(value, (field) => field === null);
  expect(copy).toEqual({ b: [null, { d: 1 }], e: { f: 'text' } });
  expect((copy as typeof value).e).not.toBe(value.e);
  expect(value).toEqual({ a: null, b: [null, { c: null, d: 1 }], e: { f: 'text' } });
});
