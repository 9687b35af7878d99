import { createHash } from 'node:crypto';

/** Names that are too long for a place, cut so that different ones stay different. Pure. */

/** Half of a character, of which no UTF-8 can be made. */
export const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Whether a name cannot be written as UTF-8. */
export function isBroken(name: string): boolean {
  return /\p{Surrogate}/u.test(name);
}

/** What stands for `name` where all of it cannot: `start`, and a hash of all of the name behind a `~`. */
export function distinctCut(name: string, start: string): string {
  // By its code units, since UTF-8 would make all halves of characters the same.
  const hash = createHash('sha256').update(Buffer.from(name, 'utf16le')).digest('hex');
  return `${start}~${hash.slice(0, 32)}`;
}
