import type { Check } from './check.ts';
import { printable } from './columns.ts';

const MARKS: Readonly<Record<Check['verdict'], string>> = { Ok: 'ok     ', Advice: 'advice ', Problem: 'PROBLEM' };

/** The checks, one line each, with what to do about those that are not `Ok`. */
export function checkupLines(checks: readonly Check[]): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 2 + (MARKS.Ok.length + 2));
  return checks.flatMap(({ name, verdict, found, remedy }) => [
    `${MARKS[verdict]}  ${name.padEnd(width)}  ${printable(found)}`,
    ...(remedy === undefined ? [] : [`${indent}→ ${printable(remedy)}`]),
  ]);
}
