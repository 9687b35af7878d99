import type { WriteStream } from 'node:tty';
import { liveTable } from './live-table.ts';
import { plainLines } from './plain-lines.ts';
import type { LiveView } from './view.ts';

/** A live view on an output: a table that is redrawn in place on a terminal; one line for each change when piped. */
interface LiveScreen {
  readonly show: (view: LiveView) => void;
  /** Writes a line that stays, above the table. */
  readonly log: (line: string) => void;
  /** Clears the table from a terminal. */
  readonly clear: () => void;
  /** Ends the view with the table as it stands, without what the terminal has echoed below it: the `^C` that ended it. */
  readonly leave: () => void;
}

/** What is used of an output that is a terminal. */
export type Terminal = Pick<
  WriteStream,
  'isTTY' | 'columns' | 'rows' | 'write' | 'moveCursor' | 'cursorTo' | 'clearScreenDown'
>;

/** Whether an output can take back what it has shown: a terminal that knows cursor movements, which one of the type `dumb` (an editor's) does not. */
export const canRedraw = ({ isTTY }: Pick<NodeJS.WriteStream, 'isTTY'>): boolean =>
  isTTY && process.env['TERM'] !== 'dumb';

export function liveScreen(output: Terminal | NodeJS.WritableStream): LiveScreen {
  const terminal = 'columns' in output && canRedraw(output) ? output : undefined;
  let previous: LiveView | undefined;
  let drawn = 0;
  const draw = (): void => {
    if (terminal === undefined || previous === undefined) return;
    // One row stays free so that the line of the cursor does not scroll the table.
    const lines = liveTable(previous, terminal.columns, terminal.rows - 1);
    terminal.write(lines.map((line) => `${line}\n`).join(''));
    drawn = lines.length;
  };
  const clearBelow = (): void => {
    terminal?.cursorTo(0);
    terminal?.clearScreenDown();
  };
  const erase = (): void => {
    if (drawn === 0) return;
    terminal?.moveCursor(0, -drawn);
    clearBelow();
    drawn = 0;
  };
  return {
    show(view) {
      if (terminal === undefined) for (const line of plainLines(previous, view)) output.write(`${line}\n`);
      erase();
      previous = view;
      draw();
    },
    log(line) {
      const isDrawn = drawn > 0;
      erase();
      output.write(`${line}\n`);
      if (isDrawn) draw();
    },
    clear: erase,
    leave() {
      if (drawn > 0) clearBelow();
      drawn = 0;
    },
  };
}
