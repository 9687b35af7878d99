import { expect, test } from 'vitest';
import { DistillError, describeError, ERRORS } from './errors.ts';
import { sentence, sentences } from './sentences.ts';

test.each([
  ['No space left.', 'No space left.'],
  ['Cannot read it: not a file..', 'Cannot read it: not a file.'],
  ['Did you mean this?', 'Did you mean this?'],
  ['It was cut off...', 'It was cut off...'],
  ['It waits for:', 'It waits for.'],
  // The first word may be the name of a layer, a file or an option.
  ['job.yaml is empty', 'job.yaml is empty.'],
  ['conv2_1 has no input', 'conv2_1 has no input.'],
  ['conv has no input', 'conv has no input.'],
  ['--bins 0 is too small', '--bins 0 is too small.'],
  [' ', ''],
])('%j as a sentence is %j', (text, expected) => {
  expect(sentence(text)).toBe(expected);
  expect(sentence(sentence(text))).toBe(expected);
});

test('sentences stand apart, and what follows a list begins a line', () => {
  expect(sentences('One', undefined, 'Two.', '', 'Three?')).toBe('One. Two. Three?');
  expect(sentences('It has 2 problems:\n- a: is wrong.\n- b: is wrong.', 'Correct them.')).toBe(
    'It has 2 problems:\n- a: is wrong.\n- b: is wrong.\nCorrect them.',
  );
});

test('an error is a sentence whatever words of others it ends in, and the way out is never glued to it', () => {
  const error = new DistillError('DISTILL_E_DISK_FULL', "ENOSPC: no space left on device, write '/out/x'");
  expect(describeError(error)).toBe(
    `DISTILL_E_DISK_FULL: ENOSPC: no space left on device, write '/out/x'. ${ERRORS.DISTILL_E_DISK_FULL.fix}`,
  );
  expect(new DistillError('DISTILL_E_USAGE', 'Cannot listen: in use..').message).toBe('Cannot listen: in use.');
});

test.each(Object.entries(ERRORS))('the way out of %s is a sentence', (_, { fix }) => {
  expect(fix).toMatch(/^[A-Z].*[\w)`]\.$/);
  expect(sentence(fix)).toBe(fix);
});
