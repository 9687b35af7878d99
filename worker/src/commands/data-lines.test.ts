import { describe, expect, it } from 'vitest';
import type { DatasetSummary } from '@distillation/api/plan';
import { dataLines, logHashing } from './data-lines.ts';

const SUMMARY: DatasetSummary = {
  sha256: 'x',
  hashOf: 'Contents',
  train: 60,
  validation: 30,
  test: 0,
  classes: 3,
  imageShape: [8, 8, 3],
  labelled: true,
};

describe('the planner’s words on the data', () => {
  it('are none where there is nothing to say', () => {
    expect(dataLines(SUMMARY)).toStrictEqual([]);
  });

  it('tell where the splits were read, what was not read and what is unreadable, a line each', () => {
    const lines = dataLines({
      ...SUMMARY,
      folders: { train: 'train', validation: 'valid' },
      nested: 1,
      leftOut: [
        { kind: 'Format', what: '.heic', count: 1, examples: ['train/a/1.heic'] },
        { kind: 'Unopened', count: 1, examples: ['lost/'] },
      ],
      unreadable: [{ name: 'train/a/2.png', reason: 'is empty' }],
    });
    expect(lines).toStrictEqual([
      'the data: training from train/, validation from valid/, 1 image of these in sub-folders',
      'not read: 1 .heic file: pictures of a format that is not read; convert them to PNG or JPEG (train/a/1.heic)',
      'not read: 1 folder that may not be opened (lost/)',
      'unreadable, left out: train/a/2.png is empty',
    ]);
  });

  it('tell now and then how far the hashing of large data is, and nothing of small', () => {
    let clock = 0;
    const lines: string[] = [];
    const onHashed = logHashing(
      (line) => lines.push(line),
      () => clock,
    );
    for (let files = 1; files <= 50; files++) {
      clock += 1000;
      onHashed({ files: files * 1000, of: 1_281_167, bytes: files * 110_000_000 });
    }
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe('hashing the data: 10,000 of 1,281,167 files, 1.10 GB so far');
  });
});
