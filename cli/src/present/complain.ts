import { wrappedText, wrapWidthOf } from './tables/columns.ts';

/** Writes a sentence to standard error: wrapped on a terminal, as it is elsewhere. */
export function complain(text: string): void {
  process.stderr.write(`${wrappedText(text, wrapWidthOf(process.stderr))}\n`);
}
