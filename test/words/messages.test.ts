import { describe, expect, it, test } from 'vitest';
import { ERRORS } from '@distillation/api/errors';
import {
  type Called,
  production,
  type SourceText,
  strings,
  tests,
  textOf,
  visit,
  type Written,
  written,
} from './source.ts';

/** What users read is in sentences, and the catalogue of errors is neither short of a test nor has it a code that nothing raises. */

const sources = production();

/** How a sentence may begin: with a capital, something quoted, an option; a value put in is taken for one. */
const BEGINS = /^$|^([A-Z`"'([{]|--)/;
/** How it may end; a value at the end is given its full stop when the parts are put together. */
const ENDS = /^$|[.?!]$|: $/;

const faults = (texts: readonly (Written & { readonly path: string })[]): string[] =>
  texts
    .filter(({ begins, ends }) => !BEGINS.test(begins) || !ENDS.test(ends))
    .map(({ path, line, begins, ends }) => `${path}:${line}: ${begins} ... ${ends}`);

/** The texts of the calls and new expressions of that name at that position of their arguments. */
function textsOf(source: SourceText, name: string, position: number): (Written & { readonly path: string })[] {
  const found: Written[] = [];
  const look = ({ callee, arguments: given }: Called): void => {
    if (textOf(source, callee) === name) found.push(...written(source, given[position]));
  };
  visit(source, { NewExpression: look, CallExpression: look });
  return found.map((text) => ({ ...text, path: source.path }));
}

/** Texts of the properties with these names. */
function propertiesOf(source: SourceText, names: readonly string[]): (Written & { readonly path: string })[] {
  const found: Written[] = [];
  visit(source, {
    ObjectExpression: ({ properties }) => {
      for (const property of properties)
        if (property.type === 'Property' && !property.shorthand && names.includes(textOf(source, property.key)))
          found.push(...written(source, property.value));
    },
  });
  return found.map((text) => ({ ...text, path: source.path }));
}

describe('is a sentence:', () => {
  test('every message of an error', () => {
    const texts = sources.flatMap((source) => [
      ...textsOf(source, 'DistillError', 1),
      ...textsOf(source, 'internalError', 0),
    ]);
    expect(texts.length).toBeGreaterThan(80);
    expect(faults(texts)).toEqual([]);
  });

  test('every message and way out that ends in a condition or an event', () => {
    const operator = sources.filter(({ path }) => path.startsWith('operator/src/'));
    const texts = [
      ...operator.flatMap((source) => propertiesOf(source, ['message', 'fix', 'note', 'what'])),
      ...operator.flatMap((source) => ['normal', 'warning'].flatMap((name) => textsOf(source, name, 2))),
    ];
    expect(texts.length).toBeGreaterThan(20);
    expect(faults(texts)).toEqual([]);
    // A finding is given its full stop by whoever makes it one.
    const findings = operator.flatMap((source) => textsOf(source, 'finding', 1)).map((text) => ({ ...text, ends: '' }));
    expect(findings.length).toBeGreaterThan(10);
    expect(faults(findings)).toEqual([]);
  });

  test('why a block failed and what is warned of in a report', () => {
    const worker = sources.filter(({ path }) => /^worker\/src\/(training|finalize)\//.test(path));
    const texts = worker.flatMap((source) => propertiesOf(source, ['message']));
    expect(texts.length).toBeGreaterThan(3);
    expect(faults(texts)).toEqual([]);
  });
});

const codes = Object.keys(ERRORS);
const namedIn = (texts: readonly SourceText[]): Set<string> =>
  new Set(texts.flatMap((source) => strings(source).flatMap((text) => text.match(/DISTILL_E_[A-Z_]+/g) ?? [])));

it('raises every code of the catalogue somewhere', () => {
  // Of the catalogue itself only the codes that system errors are given count: its keys are no strings.
  const raised = namedIn(sources);
  expect(codes.filter((code) => !raised.has(code))).toEqual([]);
});

it('has a test that names each code, and no code that is not in the catalogue', () => {
  const tested = namedIn(tests());
  expect(codes.filter((code) => !tested.has(code))).toEqual([]);
  expect([...namedIn(sources)].filter((code) => !codes.includes(code))).toEqual([]);
});
