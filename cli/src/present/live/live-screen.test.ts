import { expect, it, vi } from 'vitest';
import { liveScreen, type Terminal } from './live-screen.ts';
import type { LiveView } from './view.ts';

const view = (stage: string): LiveView => ({ stage, progressPercent: 20, bins: [], blocks: [] });

/** A terminal that never scrolls: what stands on its rows. */
class FakeTerminal implements Terminal {
  readonly isTTY = true;
  readonly columns = 40;
  readonly rows = 24;
  #lines = [''];
  #row = 0;
  #column = 0;

  readonly write = (text: string | Uint8Array): boolean => {
    for (const character of String(text)) {
      if (character === '\n') {
        this.#row++;
        this.#column = 0;
        this.#lines[this.#row] ??= '';
      } else {
        const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
        this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
        this.#column++;
      }
    }
    return true;
  };

  moveCursor(_: number, dy: number): boolean {
    this.#row += dy;
    return true;
  }

  cursorTo(x: number): boolean {
    this.#column = x;
    return true;
  }

  clearScreenDown(): boolean {
    this.#lines = this.#lines.slice(0, this.#row + 1);
    this.#lines[this.#row] = (this.#lines[this.#row] ?? '').slice(0, this.#column);
    return true;
  }

  get shown(): string[] {
    return this.#lines.filter((line) => line.trim() !== '').map((line) => line.trimEnd());
  }
}

it('redraws its table in place, and clears it', () => {
  const terminal = new FakeTerminal();
  const screen = liveScreen(terminal);
  screen.show(view('Planning'));
  screen.show(view('Training'));
  expect(terminal.shown).toEqual([expect.stringMatching(/^Training {2}20 %/)]);
  screen.clear();
  expect(terminal.shown).toEqual([]);
});

it('writes lines that stay above the table', () => {
  const terminal = new FakeTerminal();
  const screen = liveScreen(terminal);
  screen.log('Before it.');
  screen.show(view('Training'));
  screen.log('The API server does not answer.');
  screen.show(view('Finalizing'));
  expect(terminal.shown).toEqual([
    'Before it.',
    'The API server does not answer.',
    expect.stringMatching(/^Finalizing {2}20 %/),
  ]);
});

it('leaves the last table standing, without what Ctrl-C has echoed below it', () => {
  const terminal = new FakeTerminal();
  const screen = liveScreen(terminal);
  screen.show(view('Training'));
  terminal.write('^C');
  screen.leave();
  terminal.write('The job goes on.\n');
  expect(terminal.shown).toEqual([expect.stringMatching(/^Training {2}20 %/), 'The job goes on.']);
  // What is over is not touched again.
  screen.clear();
  expect(terminal.shown).toHaveLength(2);
});

it('writes lines alone where there is no terminal', () => {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WritableStream;
  const screen = liveScreen(output);
  screen.show(view('Training'));
  screen.log('A line.');
  screen.leave();
  expect(written).toEqual(['Training\n', '20 % done\n', 'A line.\n']);
});

it('writes lines to a terminal that cannot move its cursor', () => {
  vi.stubEnv('TERM', 'dumb');
  const terminal = new FakeTerminal();
  const screen = liveScreen(terminal);
  screen.show(view('Train'));
  screen.show(view('Finalize'));
  screen.clear();
  expect(terminal.shown).toEqual(['Train', '20 % done', 'Finalize']);
  vi.unstubAllEnvs();
});
