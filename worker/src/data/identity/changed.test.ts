import { expect, test } from 'vitest';
import { changedSince } from './changed.ts';
import { encodeRecord } from './record.ts';

const PLANNED = 'a'.repeat(64);
const NOW = 'b'.repeat(64);
const hash = (digit: string): string => digit.repeat(64);
const recordOf = (sha256: string, files: Readonly<Record<string, string>>) => ({
  sha256,
  record: encodeRecord(
    sha256,
    Object.entries(files).map(([name, digit]) => ({ name, sha256: hash(digit) })),
  ),
});

const planned = recordOf(PLANNED, { 'train/a.png': '1', 'train/b.png': '2', 'train/c.png': '3' });

test.each([
  [
    'a file that has other contents',
    { 'train/a.png': '1', 'train/b.png': '4', 'train/c.png': '3' },
    'data: train/b.png is not as it was when the job was planned.',
  ],
  [
    'two of them',
    { 'train/a.png': '5', 'train/b.png': '4', 'train/c.png': '3' },
    'data: train/a.png is not as it was when the job was planned, nor is 1 other file.',
  ],
  [
    'a file that is gone',
    { 'train/a.png': '1', 'train/c.png': '3' },
    'data: train/b.png was read when the job was planned and is not there now.',
  ],
])('data that have changed are refused by the first file that differs: %s', (_, files, message) => {
  const error = changedSince('data', planned, recordOf(NOW, files));
  expect(error).toMatchObject({ code: 'DISTILL_E_DATASET_CHANGED', subject: 'data', message });
});

test.each([
  ['missing', undefined],
  ['that of other data', recordOf(hash('c'), { 'train/x.png': '9' }).record],
])('no file is named where the record of the plan is %s', (_, record) => {
  const { message } = changedSince('data', { sha256: PLANNED, record }, recordOf(NOW, { 'train/a.png': '1' }));
  expect(message).toBe(`The data in data have the hash ${NOW}, but ${PLANNED} when the job was planned.`);
});
