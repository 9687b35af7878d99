/** Texts for people, composed of parts that may also come from libraries, the file system or a container runtime. */

/** The text, ending in exactly one full stop, question mark or exclamation mark. Its beginning may be a name and is left unchanged. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /\.\.\.$|[?!…]$/.test(trimmed) ? trimmed : trimmed.replace(/[.:;,\s]*$/, '.');
}

/** The parts joined as sentences; empty parts are skipped. A list begins on a new line, and so does what follows it. */
export function sentences(...parts: readonly (string | undefined)[]): string {
  return parts
    .map((part) => sentence(part ?? ''))
    .filter((part) => part !== '')
    .reduce((before, part) => (before === '' ? part : `${before}${before.includes('\n') ? '\n' : ' '}${part}`), '');
}
