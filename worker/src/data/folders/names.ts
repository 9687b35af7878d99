/**
 * File names as in Python. On Linux a name may be any bytes; those that are not UTF-8 are represented by the unpaired surrogates
 * U+DC80 to U+DCFF (PEP 383, "surrogateescape"), so that every file can be named, opened and sorted.
 */

const ESCAPED = /[\udc80-\udcff]/u;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Length of a UTF-8 sequence by its first byte; 0 when none begins with it. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/** Decodes a name from its bytes. */
export function decodeName(bytes: Uint8Array): string {
  const whole = decoded(bytes);
  if (whole !== undefined) return whole;
  let name = '';
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0;
    const length = sequenceLength(first);
    const part = length > 0 && at + length <= bytes.length ? decoded(bytes.subarray(at, at + length)) : undefined;
    name += part ?? String.fromCharCode(0xdc00 + first);
    at += part === undefined ? 1 : length;
  }
  return name;
}

/** Encodes a name or path as bytes. */
export function encodeName(name: string): Buffer {
  if (!ESCAPED.test(name)) return Buffer.from(name);
  return Buffer.concat(
    Array.from(name, (point) =>
      ESCAPED.test(point) ? Buffer.from([(point.codePointAt(0) ?? 0) - 0xdc00]) : Buffer.from(point),
    ),
  );
}

/** Length of a name or path in bytes. */
export function encodedLength(name: string): number {
  return ESCAPED.test(name) ? encodeName(name).length : Buffer.byteLength(name);
}

/** Writes the bytes of a name or path; returns their number. */
export function writeName(block: Buffer, name: string, at: number): number {
  return ESCAPED.test(name) ? encodeName(name).copy(block, at) : block.write(name, at);
}

/** A name for a message: bytes that are not UTF-8, and control characters, are shown as `\xNN`. */
export function shownName(name: string): string {
  const hex = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`;
  return Array.from(name, (point) => {
    const code = point.codePointAt(0) ?? 0;
    if (ESCAPED.test(point)) return hex(code - 0xdc00);
    return code < 0x20 || code === 0x7f ? hex(code) : point;
  }).join('');
}

/**
 * Orders by code point, as Python's `sorted`. JavaScript compares UTF-16 code units, which puts characters beyond U+FFFF before
 * U+E000 to U+FFFF.
 */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left === right) continue;
    const [surrogate, other] = [isAstral(a, at), isAstral(b, at)];
    return surrogate === other ? left - right : surrogate ? 1 : -1;
  }
  return a.length - b.length;
}

/** Whether the code unit is half of a character beyond U+FFFF. */
function isAstral(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return (text.codePointAt(at) ?? 0) > 0xffff || (before >= 0xd800 && before < 0xdc00);
}
