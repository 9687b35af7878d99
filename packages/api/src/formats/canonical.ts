import { internalError } from '../errors.ts';

/** JSON with sorted keys and no spaces: equal values give equal text. Throws on values that JSON cannot represent (NaN, infinities). */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw internalError(`JSON cannot hold the number ${value}.`);
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  // Appends to one string instead of joining lists of parts, since the operator hashes and compares specs at every reconcile.
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonicalJson(item ?? null)}`;
    return `[${text}]`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${quoted(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** What JSON writes in another way than it is: control characters, quotes, backslashes, halves of surrogate pairs. */
// oxlint-disable-next-line no-control-regex
const ESCAPED = /[\u0000-\u001f"\\\ud800-\udfff]/;

/** A call of `JSON.stringify` takes three times as long as it takes to see that none is needed. */
const quoted = (text: string): string => (ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`);
