import { bytes, percent } from '@distillation/api/format';
import type { WriteStream } from 'node:tty';
import type { CopyProgress } from '../cluster/files/push.ts';
import { clip, printable } from './tables/columns.ts';
import { canRedraw } from './live/live-screen.ts';

const WORDS: Record<CopyProgress['stage'], string> = { compare: 'comparing', copy: 'copying', check: 'checking' };
const BAR = 30;

/** One line for a terminal. */
export function barLine({ stage, done, total, path }: CopyProgress, width: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const full = Math.round(share * BAR);
  const bar = `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}]`;
  const line = `${WORDS[stage].padEnd(9)} ${bar} ${percent(share, 0).padStart(5)}  ${bytes(done)} of ${bytes(total)}  ${printable(path)}`;
  return clip(line, width);
}

/** Where there is no terminal: a line at the end of each tenth of a stage, undefined in between. */
export function plainLine(before: CopyProgress | undefined, now: CopyProgress): string | undefined {
  const tenth = ({ done, total }: CopyProgress): number => (total === 0 ? 10 : Math.floor((10 * done) / total));
  const same = before?.stage === now.stage && tenth(before) === tenth(now);
  if (same) return undefined;
  return `${WORDS[now.stage]}: ${percent(Math.min(1, now.total === 0 ? 1 : now.done / now.total), 0)}, ${bytes(now.done)} of ${bytes(now.total)}`;
}

/** Shows a copy: a bar that is drawn anew on a terminal, lines elsewhere. */
export function copyDisplay(output: WriteStream): {
  show: (progress: CopyProgress) => void;
  log: (line: string) => void;
  clear: () => void;
} {
  let before: CopyProgress | undefined;
  let drawn = false;
  const clear = (): void => {
    if (drawn) output.write('\r\u001b[K');
    drawn = false;
  };
  return {
    clear,
    log: (line) => {
      clear();
      output.write(`${printable(line)}\n`);
    },
    show: (progress) => {
      if (canRedraw(output)) {
        output.write(`\r\u001b[K${barLine(progress, output.columns - 1)}`);
        drawn = true;
      } else {
        const line = plainLine(before, progress);
        if (line !== undefined) output.write(`${line}\n`);
      }
      before = progress;
    },
  };
}
