import type { WriteStream } from 'node:tty';
import { liveTable } from './live-table.ts';
import { plainLines } from './plain-lines.ts';
import type { LiveView } from './view.ts';

/** A live view on an output: a table that is redrawn in place on a terminal; one line for each change when piped. */
export interface LiveScreen {
  readonly show: (view: LiveView) => void;
  /** Writes a line that stays. */
  readonly log: (line: string) => void;
  /** Clears the table from a terminal. */
  readonly clear: () => void;
}

export function liveScreen(output: WriteStream | NodeJS.WritableStream): LiveScreen {
  const terminal = 'columns' in output && output.isTTY ? output : undefined;
  let previous: LiveView | undefined;
  let drawn = 0;
  const clear = (): void => {
    if (terminal === undefined || drawn === 0) return;
    terminal.moveCursor(0, -drawn);
    terminal.cursorTo(0);
    terminal.clearScreenDown();
    drawn = 0;
  };
  return {
    show(view) {
      if (terminal === undefined) {
        for (const line of plainLines(previous, view)) output.write(`${line}\n`);
      } else {
        clear();
        // One row stays free so that the line of the cursor does not scroll the table.
        const lines = liveTable(view, terminal.columns, terminal.rows - 1);
        terminal.write(lines.map((line) => `${line}\n`).join(''));
        drawn = lines.length;
      }
      previous = view;
    },
    log(line) {
      clear();
      output.write(`${line}\n`);
    },
    clear,
  };
}
