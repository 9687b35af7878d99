import { expect, it } from 'vitest';
import { commandFirst } from './command-first.ts';

const moved = (line: string): string => commandFirst(line.split(' ')).join(' ');

it.each([
  ['-n team-a watch job', 'watch -n team-a job'],
  ['-nteam-a --context=test get -o name', 'get -nteam-a --context=test -o name'],
  ['--as me --as-group a --as-group b report job', 'report --as me --as-group a --as-group b job'],
  ['-A get', 'get -A'],
])('a flag of kubectl may stand before the command: %s', (line, same) => {
  expect(moved(line)).toBe(same);
});

it.each(['watch -n team-a job', '--help', '-h', '-x get', '-n', '-n team-a', '--local plan'])(
  'all else is as it was: %s',
  (line) => {
    expect(moved(line)).toBe(line);
  },
);
