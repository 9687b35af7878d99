import type { Check } from './check.ts';
import { NARROWEST, printable, wrapped } from './tables/columns.ts';

const MARKS: Readonly<Record<Check['verdict'], string>> = { Ok: 'ok     ', Advice: 'advice ', Problem: 'PROBLEM' };

/**
 * The checks, each with what to do about it unless it is `Ok`. What was found is wrapped; what to do is not, since it has commands to copy.
 * @param width of the terminal
 */
export function checkupLines(checks: readonly Check[], width = Infinity): string[] {
  const longest = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(MARKS.Ok.length + 2 + longest + 2);
  return checks.flatMap(({ name, verdict, found, remedy }) => [
    ...wrapped(found, Math.max(NARROWEST, width - indent.length)).map((text, line) =>
      line === 0 ? `${MARKS[verdict]}  ${name.padEnd(longest)}  ${text}` : `${indent}${text}`,
    ),
    ...(remedy === undefined ? [] : [`${indent}→ ${printable(remedy)}`]),
  ]);
}
