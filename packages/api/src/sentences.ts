/** Texts for people, put together from parts that were written elsewhere: also by libraries, the file system, or a container runtime. */

/** The text with one full stop, question mark or exclamation mark at its end. Its beginning may be a name and is left as it is. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /\.\.\.$|[?!…]$/.test(trimmed) ? trimmed : trimmed.replace(/[.:;,\s]*$/, '.');
}

/** The parts as sentences, one after the other; empty ones do not count. A list takes a line of its own, and so does what follows it. */
export function sentences(...parts: readonly (string | undefined)[]): string {
  return parts
    .map((part) => sentence(part ?? ''))
    .filter((part) => part !== '')
    .reduce((before, part) => (before === '' ? part : `${before}${before.includes('\n') ? '\n' : ' '}${part}`), '');
}
