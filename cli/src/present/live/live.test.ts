import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, inColumns, printable } from '../tables/columns.ts';
import { liveTable } from './live-table.ts';
import { plainLines } from './plain-lines.ts';
import type { LiveBlock, LiveView } from './view.ts';

const block = (name: string, changes: Partial<LiveBlock> = {}): LiveBlock => ({
  name,
  state: 'Waiting',
  epoch: 0,
  epochs: 4,
  ...changes,
});

const VIEW: LiveView = {
  elapsedSeconds: 72,
  stage: 'Training',
  progressPercent: 42,
  etaSeconds: 130,
  backend: 'TensorFlow 2.9.1 on the CPU, 1 thread a process',
  bins: [
    {
      index: 0,
      state: 'Training',
      blocks: ['conv1', 'conv2'],
      epoch: 2,
      epochs: 4,
      step: 61,
      steps: 1760,
      imagesPerSecond: 1234.4,
      etaSeconds: 130,
    },
    { index: 1, state: 'Stealing', blocks: [], epoch: 4, epochs: 4, step: 0, steps: 1760, imagesPerSecond: 0 },
  ],
  blocks: [
    block('conv1', { state: 'Training', epoch: 1, loss: 0.01234, probeRatio: 0.123, bin: 0 }),
    block('conv2', { state: 'Training', epoch: 1, loss: 4.5e-7, bin: 0 }),
    block('conv3', { state: 'Trained', epoch: 4, loss: 0.5, probeRatio: 0.9, bin: 1 }),
  ],
};

describe('liveTable', () => {
  it('shows progress, bins and blocks', () => {
    expect(liveTable(VIEW, 100)).toEqual([
      'Training  42 %  █████████████████░░░░░░░░░░░░░░░░░░░░░░░  1 min 12 s, about 2 min 10 s left',
      'TensorFlow 2.9.1 on the CPU, 1 thread a process',
      '',
      'bin 0  training          epoch 2 of 4  step 61 of 1,760  1,234 images/s  2 min 10 s left  2 blocks',
      'bin 1  looking for work',
      '',
      'block  state     epoch     loss  unexplained  bin',
      'conv1  training    1/4   0.0123       12.3 %    0',
      'conv2  training    1/4  4.50e-7                 0',
      'conv3  trained     4/4      0.5       90.0 %    1',
    ]);
  });

  it('fits any terminal', () => {
    const names = fc.array(fc.string({ maxLength: 40 }), { maxLength: 60 });
    fc.assert(
      fc.property(
        names,
        fc.integer({ min: 10, max: 200 }),
        fc.integer({ min: 4, max: 60 }),
        (blocks, columns, rows) => {
          const lines = liveTable({ ...VIEW, blocks: blocks.map((name) => block(name)) }, columns, rows);
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });

  it('counts the blocks that do not fit, and shows those in training', () => {
    const blocks = Array.from({ length: 40 }, (_, index) =>
      block(`conv${index}`, index === 33 ? { state: 'Training' } : index < 10 ? { state: 'Trained' } : {}),
    );
    const lines = liveTable({ ...VIEW, blocks }, 80, 14);
    expect(lines.length).toBeLessThanOrEqual(14);
    expect(lines.join('\n')).toContain('conv33  training');
    expect(lines.at(-1)).toBe('and 36 more: 7 trained, 29 waiting');
  });

  it('leaves out what it does not know', () => {
    const lines = liveTable({ elapsedSeconds: 3, stage: 'Planning', progressPercent: 0, bins: [], blocks: [] }, 60);
    expect(lines).toEqual(['Planning  0 %  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  3.0 s', '']);
  });
});

describe('plainLines', () => {
  it('begins with stage and bins', () => {
    const start: LiveView = { ...VIEW, progressPercent: 0, blocks: [block('conv1')] };
    expect(plainLines(undefined, start)).toEqual([
      '[1 min 12 s] Training',
      '[1 min 12 s] computed with TensorFlow 2.9.1 on the CPU, 1 thread a process',
      '[1 min 12 s] bin 0: training conv1, conv2',
      '[1 min 12 s] bin 1: looking for work',
    ]);
  });

  it('counts what was trained before, and says how far the others are', () => {
    expect(plainLines(undefined, { ...VIEW, bins: [] }).slice(2)).toEqual([
      '[1 min 12 s] 1 of 3 blocks trained already',
      '[1 min 12 s] conv1: epoch 1 of 4, loss 0.0123, 12.3 % unexplained, bin 0',
      '[1 min 12 s] conv2: epoch 1 of 4, loss 4.50e-7, bin 0',
      '[1 min 12 s] 40 % done, about 2 min 10 s left',
    ]);
    const failed = [block('conv1', { state: 'Failed', reason: 'DISTILL_E_DEAD_BLOCK: constant output' })];
    expect(plainLines(undefined, { ...VIEW, bins: [], blocks: failed })).toContain(
      '[1 min 12 s] conv1: failed: DISTILL_E_DEAD_BLOCK: constant output',
    );
  });

  it('prints nothing when nothing relevant has changed', () => {
    expect(plainLines(VIEW, { ...VIEW, elapsedSeconds: 73, progressPercent: 43 })).toEqual([]);
  });

  it('reports epochs, moves, failures, restarts, stops and every 10 %', () => {
    const next: LiveView = {
      ...VIEW,
      elapsedSeconds: 80,
      progressPercent: 50.5,
      blocks: [
        block('conv1', { state: 'Training', epoch: 2, loss: 0.0098, probeRatio: 0.1, bin: 1 }),
        block('conv2', { state: 'Training', epoch: 0, bin: 0 }),
        block('conv3', { state: 'Failed', epoch: 4, bin: 1, reason: 'DISTILL_E_DEAD_BLOCK: constant output' }),
      ],
    };
    expect(plainLines(VIEW, next)).toEqual([
      '[1 min 20 s] conv1: moved from bin 0 to bin 1',
      '[1 min 20 s] conv1: epoch 2 of 4, loss 0.0098, 10.0 % unexplained, bin 1',
      '[1 min 20 s] conv2: starts again',
      '[1 min 20 s] conv3: failed: DISTILL_E_DEAD_BLOCK: constant output',
      '[1 min 20 s] 50 % done, about 2 min 10 s left',
    ]);
    const stopped = { ...VIEW, blocks: [block('conv3', { state: 'StoppedEarly', epoch: 4 })] };
    expect(plainLines(VIEW, stopped)).toEqual(['[1 min 12 s] conv3: stopped early, no more improvement']);
  });
});

describe('columns', () => {
  it('aligns, clips, and lets no control character through', () => {
    expect(inColumns([['a', '1'], ['bcd', '100'], ['x']], ['left', 'right'])).toEqual(['a      1', 'bcd  100', 'x']);
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('abc', 3)).toBe('abc');
    expect(printable('conv\u001b[2J\n1')).toBe('conv\ufffd[2J\ufffd1');
    expect(plainLines(undefined, { ...VIEW, stage: 'x\u001b]0;y\u0007', bins: [], blocks: [] })[0]).toBe(
      '[1 min 12 s] x\ufffd]0;y\ufffd',
    );
  });
});
