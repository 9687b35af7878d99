import { internalError } from '../errors.ts';

/** JSON with sorted keys and no spaces: equal values give equal text. Throws on values that JSON cannot represent (NaN, infinities). */
export function canonicalJson(value: unknown): string {
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
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
