/** Text in columns for a terminal. Pure; assumes that each character is one column wide. */

type Alignment = 'left' | 'right';

/** Rows as lines of equally wide columns, two spaces apart; missing cells are empty. */
export function inColumns(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string[] {
  const clean = rows.map((row) => row.map(printable));
  const widths = alignments.map((_, column) => Math.max(0, ...clean.map((row) => (row[column] ?? '').length)));
  return clean.map((row) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? '';
        return alignments[column] === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Fewest columns for a text that is wrapped beside others; a terminal that leaves less breaks the lines itself. */
export const NARROWEST = 20;

/** Rows whose last column is a text, which is wrapped so that no line is longer than the width. */
export function inColumnsWithin(rows: readonly (readonly string[])[], width: number): string[] {
  const last = Math.max(0, ...rows.map((row) => row.length)) - 1;
  const left = inColumns(
    rows.map((row) => row.slice(0, last)),
    Array.from({ length: last }, () => 'left' as const),
  );
  const before = Math.max(0, ...left.map((line) => line.length)) + (last > 0 ? 2 : 0);
  return rows.flatMap((row, index) =>
    wrapped(row[last] ?? '', Math.max(NARROWEST, width - before)).map((text, line) =>
      `${(line === 0 ? (left[index] ?? '') : '').padEnd(before)}${text}`.trimEnd(),
    ),
  );
}

/** The line, truncated to the width with an ellipsis. */
export function clip(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}

/** Replaces control characters, which must not reach the terminal: layer names come from the user's files. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '�');
}

/** The text in lines of at most so many columns, broken between words; a longer word has a line of its own. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/).map(printable)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A word, or what stands in backticks: a command that is copied is not broken. */
const UNBROKEN = /`[^`]*`\S*|\S+/g;

/** A text whose lines are each wrapped to at most so many columns, further ones indented as the first; a longer command has a line of its own. */
export function wrappedText(text: string, columns: number): string {
  const room = Math.max(NARROWEST, columns);
  return text
    .split('\n')
    .flatMap((line) => {
      const indent = /^ */.exec(line)?.[0] ?? '';
      const lines: string[] = [];
      for (const word of line.match(UNBROKEN) ?? ['']) {
        const last = lines.at(-1);
        if (last === undefined || last.length + 1 + word.length > room) lines.push(`${indent}${word}`);
        else lines[lines.length - 1] = `${last} ${word}`;
      }
      return lines;
    })
    .join('\n');
}

/** Width of a table that does not go to a terminal. */
const COLUMNS = 120;

/** Columns that there are for a table. */
export const widthOf = ({ isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number =>
  isTTY ? columns : COLUMNS;

/** Columns in which text is wrapped: those of a terminal; what goes elsewhere has one line a thing, for `grep`. */
export const wrapWidthOf = ({ isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number =>
  isTTY && columns > 0 ? columns : Infinity;
