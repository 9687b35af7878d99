import { expect, it } from 'vitest';
import { production, strings } from './source.ts';

/** Turns of phrase that are none in English, or are read twice before they are understood: each stood in a message once. */

const WRONG: readonly (readonly [RegExp, string])[] = [
  [/\b(has|have) not (the|a|an)\b/, 'does not have the'],
  [/\bwhich (this|the|that) [a-z]+ (has|have) not\b/, 'which it does not have'],
  [/\b(lists|names) [^.]*\band lacks it\b/, 'but does not contain it'],
  [/\bis no (file|picture|\.?[a-z]+ file|LayersModel)\b/, 'is not a'],
  [/\b(is|are) (another|others) than\b/, 'differs from, has changed since'],
  [/(^|\. )Who (has|is|was|wants)\b(?![^.]*\?)/, 'Whoever has'],
  [/\bclassif(y|ies)\b[^.]*\brightly\b/, 'correctly'],
  [/\bIt is not said\b/, 'say what is missing'],
  [/\bnot there yet\b/, 'say what there is'],
  [/\bthe the\b|\ba an\b|\bof of\b|[a-z]\.\. /, 'once'],
];

const sources = production().map((source) => ({
  path: source.path,
  texts: strings(source).filter((text) => text.includes(' ')),
}));

it.each(WRONG)('%s is not said to users: %s', (pattern) => {
  const found = sources.flatMap(({ path, texts }) =>
    texts.filter((text) => pattern.test(text)).map((text) => `${path}: ${text.slice(0, 120)}`),
  );
  expect(found).toEqual([]);
});
