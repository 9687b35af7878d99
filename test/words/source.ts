import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';

/** The project's sources as their authors' texts: what is said to users, read from the syntax tree. */

const ROOT = join(import.meta.dirname, '../..');
const isTest = (path: string): boolean => path.endsWith('.test.ts');

export interface SourceText {
  readonly path: string;
  readonly text: string;
  readonly tree: ReturnType<typeof parseSync>['program'];
}

type Look = ConstructorParameters<typeof Visitor>[0];
type Call = Parameters<NonNullable<Look['CallExpression']>>[0];
/** A call or a new expression. */
export type Called = Pick<Call, 'callee' | 'arguments'>;
type Argument = Call['arguments'][number];
interface Span {
  readonly start: number;
  readonly end: number;
}

/** @throws when the text is no TypeScript */
export function parsed(path: string, text: string): SourceText {
  const { program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  return { path, text, tree: program };
}

function read(pattern: string): SourceText[] {
  return globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules/**'] }).map((path) =>
    parsed(relative(ROOT, join(ROOT, path)), readFileSync(join(ROOT, path), 'utf8')),
  );
}

/** What runs at the user's. */
export const production = (): SourceText[] =>
  [...read('{packages/*,operator,worker,cli}/src/**/*.ts'), ...read('tools/{,sample-data/}*.ts')].filter(
    ({ path }) => !isTest(path),
  );

export const tests = (): SourceText[] => read('{packages,operator,worker,cli,tools,test}/**/*.test.ts');

/** Shows the nodes of a source, those around others before them. */
export function visit({ tree }: SourceText, look: Look): void {
  new Visitor(look).visit(tree);
}

export const textOf = ({ text }: SourceText, { start, end }: Span): string => text.slice(start, end);
export const lineOf = ({ text }: SourceText, { start }: Span): number => text.slice(0, start).split('\n').length;

/** Every string in the source, whole or part of a template; comments are none. */
export function strings(source: SourceText): string[] {
  const found: string[] = [];
  visit(source, {
    Literal: ({ value }) => {
      if (typeof value === 'string') found.push(value);
    },
    TemplateElement: ({ value }) => {
      found.push(value.cooked ?? value.raw);
    },
  });
  return found;
}

/** A text as far as it stands in the source: how it begins and ends; what is put in there is empty. */
export interface Written {
  readonly begins: string;
  readonly ends: string;
  readonly line: number;
}

/** The texts that an expression may come to; what another place makes is not known here. */
export function written(source: SourceText, expression: Argument | null | undefined): Written[] {
  if (expression == null) return [];
  const line = lineOf(source, expression);
  switch (expression.type) {
    case 'ParenthesizedExpression':
      return written(source, expression.expression);
    case 'ConditionalExpression':
      return [...written(source, expression.consequent), ...written(source, expression.alternate)];
    case 'Literal':
      return typeof expression.value === 'string' ? [{ begins: expression.value, ends: expression.value, line }] : [];
    case 'TemplateLiteral': {
      const texts = expression.quasis.map(({ value }) => value.cooked ?? value.raw);
      return [{ begins: texts[0] ?? '', ends: texts.at(-1) ?? '', line }];
    }
    case 'BinaryExpression': {
      const { left, right, operator } = expression;
      if (operator !== '+') return [];
      return written(source, left).flatMap(({ begins }) =>
        written(source, right).map(({ ends }) => ({ begins, ends, line })),
      );
    }
    case 'Identifier':
      return written(source, constantOf(source, expression.name));
    default:
      return [];
  }
}

function constantOf(source: SourceText, name: string): Argument | undefined {
  let found: Argument | undefined;
  visit(source, {
    VariableDeclarator: ({ id, init }) => {
      if (id.type === 'Identifier' && id.name === name) found ??= init ?? undefined;
    },
  });
  return found;
}
