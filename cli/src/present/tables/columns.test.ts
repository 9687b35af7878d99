import { expect, it, test } from 'vitest';
import { wrappedText, wrapWidthOf } from './columns.ts';

it('wraps each line of a text at the width, and breaks no command', () => {
  const text =
    'DISTILL_E_X: There is no teacher.keras at all.\n  Bring it by `kubectl distill push job -f job.yaml -n team`, then go on.';
  expect(wrappedText(text, 30).split('\n')).toEqual([
    'DISTILL_E_X: There is no',
    'teacher.keras at all.',
    '  Bring it by',
    '  `kubectl distill push job -f job.yaml -n team`,',
    '  then go on.',
  ]);
  expect(wrappedText(text, Infinity)).toBe(text);
  expect(wrappedText('One line.\n\nAnother.', 80)).toBe('One line.\n\nAnother.');
});

test('the width is that of a terminal, where it tells one', () => {
  expect(wrapWidthOf({ isTTY: true, columns: 72 })).toBe(72);
  expect(wrapWidthOf({ isTTY: true, columns: 0 })).toBe(Infinity);
  expect(wrapWidthOf({ isTTY: false, columns: 72 })).toBe(Infinity);
});
