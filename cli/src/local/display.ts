import { duration } from '@distillation/api/format';
import type { WriteStream } from 'node:tty';
import { endTable } from '../present/end-table.ts';
import { liveTable } from '../present/live-table.ts';
import { plainLines } from '../present/plain-lines.ts';
import type { LiveView } from '../present/view.ts';
import { liveView } from './live-view.ts';
import type { RunDisplay, RunResult } from './run.ts';

interface LocalDisplay extends RunDisplay {
  /** Clears the table from a terminal. */
  clear(): void;
  /** Shows how the run ended. */
  finish(result: RunResult): void;
}

/**
 * A table that is redrawn in place on a terminal; one line per change when piped.
 *
 * @param own whether the job runs in this process, so that the time since its start is meaningful
 */
export function localDisplay(output: WriteStream | NodeJS.WritableStream, { own = true } = {}): LocalDisplay {
  const terminal = 'columns' in output && output.isTTY ? output : undefined;
  const started = performance.now();
  let previous: LiveView | undefined;
  let drawn = 0;
  const erase = (): void => {
    if (terminal === undefined || drawn === 0) return;
    terminal.moveCursor(0, -drawn);
    terminal.cursorTo(0);
    terminal.clearScreenDown();
    drawn = 0;
  };
  return {
    show(observation, decision) {
      const view = liveView(observation, decision, {
        ...(own && { elapsedSeconds: (performance.now() - started) / 1000 }),
        ...(previous !== undefined && { shownPercent: previous.progressPercent }),
      });
      if (terminal === undefined) {
        for (const line of plainLines(previous, view)) output.write(`${line}\n`);
      } else {
        erase();
        // One row stays free so that the line of the cursor does not scroll the table.
        const lines = liveTable(view, terminal.columns, terminal.rows - 1);
        terminal.write(lines.map((line) => `${line}\n`).join(''));
        drawn = lines.length;
      }
      previous = view;
    },
    log(line) {
      erase();
      output.write(`${line}\n`);
    },
    clear: erase,
    finish({ report, alreadyDone, folder }) {
      erase();
      if (alreadyDone) output.write('This job is done already; nothing was computed again.\n\n');
      output.write(`${endTable(report, folder)}\n`);
      if (!alreadyDone) output.write(`This run took ${duration((performance.now() - started) / 1000)}.\n`);
    },
  };
}
