import { expect, it } from 'vitest';
import { allOf, noneOf, plural } from '@distillation/api/format';
import { lineOf, parsed, production, type SourceText, textOf, visit } from './source.ts';

/** One is said as one: "1 block", never "1 blocks". */

const COUNTED =
  'blocks|epochs|bins|bytes|images|classes|files|samples|layers|steps|workers|threads|values|weights|channels|inputs|outputs|pods|' +
  'convolutions|labels|folders|pictures|patterns|attempts';
/** What is counted, behind a number that is put in, with a word or two between them at most. */
const NOUN = new RegExp(`^ (more |other |unreadable |trained |CPU )?(${COUNTED})\\b(?!/s)`);

/** How much there is, which is never one or is in words: a constant, a sum that was formatted, one of several above one. */
const FORMATTED = /^([A-Z][A-Z_]+|(count|bytes|short|fewer)\(.*\)|.*\.length \+ 1|.*\.join\(.*\)|path)$/s;

function faults(source: SourceText): string[] {
  const found: string[] = [];
  // The words that are given to `plural` itself.
  const given = new Set<number>();
  visit(source, {
    CallExpression: ({ callee, arguments: words }) => {
      if (textOf(source, callee) === 'plural') for (const { start } of words) given.add(start);
    },
    TemplateLiteral: (template) => {
      if (given.has(template.start)) return;
      template.expressions.forEach((expression, i) => {
        const [said] = NOUN.exec(template.quasis[i + 1]?.value.cooked ?? '') ?? [];
        const number = textOf(source, expression);
        if (said === undefined || FORMATTED.test(number)) return;
        found.push(`${source.path}:${lineOf(source, template)}: \${${number}}${said}`);
      });
    },
  });
  return found;
}

it('finds a plural behind a number that may be one', () => {
  expect(faults(parsed('x.ts', 'const text = `${blocks.length} blocks to train`;'))).toEqual([
    'x.ts:1: ${blocks.length} blocks',
  ]);
  expect(faults(parsed('x.ts', "const text = `${plural(blocks.length, 'block')} to train`;"))).toEqual([]);
});

it('there is none in what users read', () => {
  expect(production().flatMap(faults)).toEqual([]);
});

it('counts as people do', () => {
  expect([0, 1, 2, 1200].map((n) => plural(n, 'epoch'))).toEqual(['0 epochs', '1 epoch', '2 epochs', '1,200 epochs']);
  expect(plural(1, 'class', 'classes')).toBe('1 class');
  expect([allOf(1, 'block'), allOf(3, 'block')]).toEqual(['The only block', 'All 3 blocks']);
  expect([noneOf(1, 'block'), noneOf(3, 'block')]).toEqual(['Not even the only block', 'None of the 3 blocks']);
});
