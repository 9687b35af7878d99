import { duration } from '@distillation/api/format';
import type { WriteStream } from 'node:tty';
import { endTable } from '../present/tables/end-table.ts';
import { liveScreen } from '../present/live/live-screen.ts';
import { liveView } from './live-view.ts';
import type { RunDisplay, RunResult } from './run.ts';

interface LocalDisplay extends RunDisplay {
  /** Clears the table from a terminal. */
  clear(): void;
  /** Leaves the table as it stands, when the view is interrupted. */
  leave(): void;
  /** Shows how the run ended. */
  finish(result: RunResult): void;
}

/**
 * The live view of a job on this machine.
 *
 * @param own whether the job runs in this process, so that the time since its start is meaningful
 */
export function localDisplay(output: WriteStream | NodeJS.WritableStream, { own = true } = {}): LocalDisplay {
  const screen = liveScreen(output);
  const started = performance.now();
  let shownPercent: number | undefined;
  return {
    show(observation, decision) {
      // A job that was done before the run began: the end table says all, and no block is at work.
      if (own && shownPercent === undefined && decision.stage === 'Succeeded') return;
      const view = liveView(observation, decision, {
        ...(own && { elapsedSeconds: (performance.now() - started) / 1000 }),
        ...(shownPercent !== undefined && { shownPercent }),
      });
      screen.show(view);
      shownPercent = view.progressPercent;
    },
    log: screen.log,
    clear: screen.clear,
    leave: screen.leave,
    finish({ report, alreadyDone, folder }) {
      screen.clear();
      if (alreadyDone) output.write('This job is done already; nothing was computed again.\n\n');
      output.write(`${endTable(report, folder)}\n`);
      if (!alreadyDone) output.write(`This run took ${duration((performance.now() - started) / 1000)}.\n`);
    },
  };
}
