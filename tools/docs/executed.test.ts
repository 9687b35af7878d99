import { expect, it } from 'vitest';
import { textOf, USER_DOCUMENTS } from './documents.ts';
import { EXECUTED } from './executed.ts';
import { fencedShell, LACKING } from './shell.ts';

/** What a document has somebody type is executed by a test, or says what it takes that tests do not have. */

/** `document, section, index` of every block, with what it lacks. */
const blocks = USER_DOCUMENTS.flatMap((document) => {
  const seen = new Map<string, number>();
  return fencedShell(textOf(document)).map(({ heading, lacking }) => {
    const index = seen.get(heading) ?? 0;
    seen.set(heading, index + 1);
    return { key: `${document}, ${heading}, ${index}`, lacking };
  });
});

it('every block is executed, or says what it lacks', () => {
  const executed = EXECUTED.map(({ document, heading, index }) => `${document}, ${heading}, ${index}`);
  const expected = blocks.filter(({ lacking }) => lacking === undefined).map(({ key }) => key);
  expect([...executed].sort()).toEqual(expected.sort());
});

it('what a block lacks is one of the known words', () => {
  const said = blocks.flatMap(({ lacking }) => lacking ?? []);
  expect(said).toContain('cloud');
  expect(said.filter((word) => !LACKING.some((known) => known === word))).toEqual([]);
});

it.each(EXECUTED.filter(({ by }) => by.endsWith('.test.ts')))('$by executes $document: $heading', (block) => {
  const test = textOf(block.by);
  // The way through docs/cluster.md is taken by the sections that `npm run dev-cluster` prints.
  const source = block.by.includes('dev-cluster') ? test + textOf('tools/dev-cluster/commands.ts') : test;
  expect(source).toContain(block.document.replace('charts/distillation-operator', '').replace(/^\//, ''));
  expect(source).toContain(`'${block.heading}'`);
});
