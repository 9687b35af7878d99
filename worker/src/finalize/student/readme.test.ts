import { expect, it } from 'vitest';
import type { StudentCard } from './card.ts';
import { studentReadme } from './readme.ts';

const CARD = {
  version: 1,
  job: 'sample',
  outcome: 'StudentBuilt',
  input: { shape: [32, 32, 3], preprocessing: { mode: 'MinusOneToOne' } },
  output: { kind: 'Probabilities', classes: ['cat', 'dog'] },
  sha256: '00',
  accuracy: {
    teacher: { test: 0.786, validation: 0.79 },
    assembled: {},
    student: { test: 0.7864, validation: 0.7853 },
  },
  size: {
    teacher: { params: 922074, macs: 19_910_000, bytes: 3_710_000 },
    student: { params: 122742, macs: 5_620_000, bytes: 511_000 },
  },
  blocks: [{ layer: 'conv1', architecture: 'LowRank', ratio: '0.25', replaced: true, reason: 'Selected' }],
} as unknown as StudentCard;

const table = (card: StudentCard): string[] =>
  studentReadme(card)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);

it('compares student and teacher in the words of the report', () => {
  expect(table(CARD)).toEqual([
    '| test accuracy | 78.60 % | 78.64 % | +0.04 points |',
    '| validation accuracy | 79.00 % | 78.53 % | −0.47 points |',
    '| parameters | 922,074 | 122,742 | 7.51× |',
    '| multiply-accumulates an image | 19.9 M | 5.62 M | 3.54× |',
    '| TensorFlow.js files | 3.71 MB | 511 kB | 7.26× |',
  ]);
});

it('shows names of the user’s files as they are, and never as markup', () => {
  const [block] = CARD.blocks;
  if (block === undefined) throw new Error('there is no block');
  const card = {
    ...CARD,
    blocks: [{ ...block, layer: '<b>`\u202e' }],
    output: { ...CARD.output, classes: ['<script>', 'a & b'] },
  };
  const readme = studentReadme(card);
  expect(readme).toContain('A student of 1 replaced layer: `<b>��`.');
  expect(readme).toContain('(&#60;script&#62;, a &#38; b)');
});

it('says what was not measured, and shows the control where there is one', () => {
  expect(table({ ...CARD, accuracy: { teacher: {}, assembled: {}, student: {} } }).slice(0, 2)).toEqual([
    '| test accuracy | not measured | not measured |  |',
    '| validation accuracy | not measured | not measured |  |',
  ]);
  expect(table({ ...CARD, accuracy: { ...CARD.accuracy, control: { test: 0.8 } } })[2]).toBe(
    '| test accuracy, the teacher fine-tuned as long | 80.00 % | 78.64 % | −1.36 points |',
  );
});
