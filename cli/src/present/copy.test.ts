import { expect, it } from 'vitest';
import type { CopyProgress } from '../cluster/files/push.ts';
import { barLine, plainLine } from './copy-progress.ts';

const at = (done: number, stage: CopyProgress['stage'] = 'copy'): CopyProgress => ({
  stage,
  done,
  total: 2000,
  path: 'work/a',
});

it('draws a bar that fits the terminal', () => {
  expect(barLine(at(1000), 100)).toBe(
    `copying   [${'#'.repeat(15)}${'.'.repeat(15)}]  50 %  1.00 kB of 2.00 kB  work/a`,
  );
  expect(barLine(at(1000), 20)).toHaveLength(20);
  expect(barLine({ ...at(0), total: 0 }, 100)).toContain('100 %');
});

it('writes a line a tenth where there is no terminal', () => {
  expect(plainLine(undefined, at(10))).toBe('copying: 1 %, 10 B of 2.00 kB');
  expect(plainLine(at(10), at(190))).toBeUndefined();
  expect(plainLine(at(190), at(200))).toBe('copying: 10 %, 200 B of 2.00 kB');
  expect(plainLine(at(2000), at(2000, 'check'))).toBe('checking: 100 %, 2.00 kB of 2.00 kB');
});
