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

/** Width of a table that does not go to a terminal. */
const COLUMNS = 120;

/** Columns that there are for a table. */
export const widthOf = ({ isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number =>
  isTTY ? columns : COLUMNS;
