import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../docs/adr');
const records = globSync('[0-9]*.md', { cwd: FOLDER }).sort();
const read = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');

test('every decision has a row of the index, with its number and title, in order', () => {
  const rows = [...read('README.md').matchAll(/^\| (\d+) \| \[(.+)\]\((.+)\) \| .+ \|$/gm)];
  expect(rows.map(([, number, title, file]) => ({ number, title, file }))).toEqual(
    records.map((file) => {
      const [, number, title] = /^# (\d+)\. (.+)\n/.exec(read(file)) ?? [];
      return { number, title, file };
    }),
  );
});

test('decisions are numbered without gaps, as their files', () => {
  expect(records.map((file) => Number(file.slice(0, 4)))).toEqual(records.map((_, index) => index + 1));
  expect(records.map((file) => Number(/^# (\d+)\./.exec(read(file))?.[1]))).toEqual(
    records.map((_, index) => index + 1),
  );
});
