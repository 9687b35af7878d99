/** Progress of a download: a bar on a terminal, a line every tenth when piped. */

export interface Progress {
  /** @param total bytes in all, where the server says */
  update(label: string, bytes: number, total: number | undefined): void;
  end(label: string): void;
  /** A line of its own. */
  say(text: string): void;
}

/** A stream such as process.stderr. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const BAR = 30;
const MEGABYTE = 1e6;

function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

/** "name [#####-----]  50 % 69.5 MB of 138.9 MB" */
export function renderBar(label: string, bytes: number, total: number): string {
  const share = Math.min(1, bytes / total);
  const filled = Math.round(share * BAR);
  const bar = '#'.repeat(filled) + '-'.repeat(BAR - filled);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `${label} [${bar}] ${percent} % ${megabytes(bytes)} of ${megabytes(total)}`;
}

export function consoleProgress(output: Output): Progress {
  let shown = -1;
  const onTerminal = output.isTTY === true;
  const draw = (label: string, bytes: number, total: number): void => {
    // A terminal redraws at each percent, a log gets a line at each tenth.
    const step = Math.floor((bytes / total) * (onTerminal ? 100 : 10));
    if (step === shown) return;
    shown = step;
    output.write(
      onTerminal ? `\r${renderBar(label, bytes, total)}` : `${label}: ${megabytes(bytes)} of ${megabytes(total)}\n`,
    );
  };
  return {
    update: (label, bytes, total) => {
      if (total !== undefined) draw(label, bytes, total);
    },
    end: () => {
      if (onTerminal && shown >= 0) output.write('\n');
      shown = -1;
    },
    say: (text) => output.write(`${text}\n`),
  };
}
