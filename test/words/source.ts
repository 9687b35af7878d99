import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** The project's sources as their authors' texts: what is said to users, read from the syntax tree. */

const ROOT = join(import.meta.dirname, '../..');
const isTest = (path: string): boolean => path.endsWith('.test.ts');

export interface SourceText {
  readonly path: string;
  readonly tree: ts.SourceFile;
}

function read(pattern: string): SourceText[] {
  return globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules/**'] }).map((path) => ({
    path: relative(ROOT, join(ROOT, path)),
    tree: ts.createSourceFile(path, readFileSync(join(ROOT, path), 'utf8'), ts.ScriptTarget.Latest, true),
  }));
}

/** What runs at the user's. */
export const production = (): SourceText[] =>
  [...read('{packages/*,operator,worker,cli}/src/**/*.ts'), ...read('tools/{,sample-data/}*.ts')].filter(
    ({ path }) => !isTest(path),
  );

export const tests = (): SourceText[] => read('{packages,operator,worker,cli,tools,test}/**/*.test.ts');

export function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  node.forEachChild((child) => {
    visit(child, look);
  });
}

/** Every string in the source, whole or part of a template; comments are none. */
export function strings({ tree }: SourceText): string[] {
  const found: string[] = [];
  visit(tree, (node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      found.push(node.text);
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
export function written(expression: ts.Expression | undefined, tree: ts.SourceFile): Written[] {
  if (expression === undefined) return [];
  const line = tree.getLineAndCharacterOfPosition(expression.getStart(tree)).line + 1;
  if (ts.isParenthesizedExpression(expression)) return written(expression.expression, tree);
  if (ts.isConditionalExpression(expression))
    return [...written(expression.whenTrue, tree), ...written(expression.whenFalse, tree)];
  if (ts.isStringLiteralLike(expression)) return [{ begins: expression.text, ends: expression.text, line }];
  if (ts.isTemplateExpression(expression)) {
    const last = expression.templateSpans.at(-1)?.literal.text ?? '';
    return [{ begins: expression.head.text, ends: last, line }];
  }
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [written(expression.left, tree), written(expression.right, tree)];
    return left.flatMap(({ begins }) => right.map(({ ends }) => ({ begins, ends, line })));
  }
  return ts.isIdentifier(expression) ? written(constantOf(expression.text, tree), tree) : [];
}

function constantOf(name: string, tree: ts.SourceFile): ts.Expression | undefined {
  let found: ts.Expression | undefined;
  visit(tree, (node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === name)
      found ??= node.initializer;
  });
  return found;
}
