import { createHash } from 'node:crypto';

/** Names that are too long for a place, cut so that different ones stay different. Pure. */

/** An unpaired surrogate, which UTF-8 cannot encode. */
export const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Whether a name cannot be written as UTF-8. */
export function isBroken(name: string): boolean {
  return /\p{Surrogate}/u.test(name);
}

/** What replaces a `name` that does not fit: `start`, a `~`, and a hash of the whole name. */
export function distinctCut(name: string, start: string): string {
  // Hashed by its code units, since UTF-8 would make all unpaired surrogates equal.
  const hash = createHash('sha256').update(Buffer.from(name, 'utf16le')).digest('hex');
  return `${start}~${hash.slice(0, 32)}`;
}
