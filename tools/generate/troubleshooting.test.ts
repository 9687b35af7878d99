import { expect, it } from 'vitest';
import { misplaced } from './troubleshooting.ts';

it('gives every problem and every error one place', () => {
  expect(misplaced()).toEqual([]);
});
