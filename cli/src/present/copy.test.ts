import { expect, it } from 'vitest';
import type { CopyProgress } from '../cluster/files/push.ts';
import { barLine, plainLine } from './copy-progress.ts';
import { statusLines } from './status-lines.ts';

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

it('says how far a job is', () => {
  expect(statusLines({ metadata: { name: 'vgg' } })).toEqual(['vgg: not taken up by the operator']);
  const condition = {
    type: 'Succeeded',
    status: 'Unknown',
    reason: 'Training',
    message: 'All is well',
    lastTransitionTime: '',
  } as const;
  const status = {
    conditions: [condition],
    progress: { percent: 23, blocks: '1/2', bins: '2/2', eta: '4m13s' },
    blocks: [
      { name: 'conv1', state: 'Done', epoch: 1, loss: '0.1' },
      { name: 'conv2', state: 'Pending', epoch: 0 },
    ],
  } as const;
  expect(
    statusLines({
      metadata: { name: 'vgg' },
      status: { ...status, conditions: [condition], blocks: [...status.blocks] },
    }),
  ).toEqual([
    'vgg: Training, 23 %, blocks 1/2, bins at work 2/2, 4m13s left',
    'All is well.',
    '',
    'conv1  Done  1 epoch  loss 0.1',
  ]);
});
