import { expect, it } from 'vitest';
import { consoleProgress, renderBar } from './progress.ts';

function recorder(isTTY: boolean): { readonly written: string[]; readonly isTTY: boolean; write(text: string): void } {
  const written: string[] = [];
  return { written, isTTY, write: (text) => void written.push(text) };
}

it('draws a bar as long as the share that has come', () => {
  expect(renderBar('data', 25e6, 100e6)).toBe(`data [${'#'.repeat(8)}${'-'.repeat(22)}]  25 % 25.0 MB of 100.0 MB`);
});

it('redraws one line on a terminal and ends it', () => {
  const output = recorder(true);
  const progress = consoleProgress(output);
  for (let bytes = 0; bytes <= 1000; bytes++) progress.update('data', bytes, 1000);
  progress.end('data');
  expect(output.written).toHaveLength(102);
  expect(output.written.slice(0, -1).every((text) => text.startsWith('\r') && !text.includes('\n'))).toBe(true);
  expect(output.written.at(-1)).toBe('\n');
});

it('writes a line every tenth when piped', () => {
  const output = recorder(false);
  const progress = consoleProgress(output);
  for (let bytes = 0; bytes <= 1000; bytes++) progress.update('data', bytes * 1e4, 1e7);
  progress.end('data');
  expect(output.written).toHaveLength(11);
  expect(output.written[5]).toBe('data: 5.0 MB of 10.0 MB\n');
});
