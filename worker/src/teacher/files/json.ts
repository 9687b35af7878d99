import { DistillError } from '@distillation/api/errors';

/** JSON from a model file: nothing is assumed about it until it is read through the functions below. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** `value` as an object. @throws DISTILL_E_TEACHER_CORRUPT naming `what`. */
export function objectOf(value: Json | undefined, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new DistillError('DISTILL_E_TEACHER_CORRUPT', `The teacher's ${what} is ${excerpt(value)}, not an object.`);
}

/** `value` as an array. @throws DISTILL_E_TEACHER_CORRUPT naming `what`. */
export function arrayOf(value: Json | undefined, what: string): readonly Json[] {
  if (isArray(value)) return value;
  throw new DistillError('DISTILL_E_TEACHER_CORRUPT', `The teacher's ${what} is ${excerpt(value)}, not a list.`);
}

/** `value` as a string. @throws DISTILL_E_TEACHER_CORRUPT naming `what`. */
export function stringOf(value: Json | undefined, what: string): string {
  if (typeof value === 'string') return value;
  throw new DistillError('DISTILL_E_TEACHER_CORRUPT', `The teacher's ${what} is ${excerpt(value)}, not a string.`);
}

/** `value` as numbers: a list, or a single number as a list of one; undefined when it is neither. */
export function numbersOf(value: Json | undefined): number[] | undefined {
  if (typeof value === 'number') return [value];
  if (!isArray(value)) return undefined;
  const numbers = value.flat(8).filter((item) => typeof item === 'number');
  return numbers.length === value.flat(8).length ? numbers : undefined;
}

/** The entry of a table under a name from a file; undefined for names that every object has, such as `constructor`. */
export function entryOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/**
 * Parses text as JSON, also with the `Infinity` and `NaN` that Python writes. NaN becomes a string, which cannot be mistaken for a
 * number.
 * @throws DISTILL_E_TEACHER_CORRUPT naming `what`.
 */
export function parseJson(text: string, what: string): Json {
  try {
    return pythonJson(text);
  } catch (cause) {
    throw new DistillError('DISTILL_E_TEACHER_CORRUPT', `The teacher's ${what} is not valid JSON: ${String(cause)}`, {
      cause,
    });
  }
}

const STRINGS_AND_WORDS = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
// A number beyond the range of doubles, so that it is read as infinity.
const WORDS: Readonly<Record<string, string>> = { Infinity: '1e999', '-Infinity': '-1e999', NaN: '"NaN"' };

function pythonJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const plain = text.replace(STRINGS_AND_WORDS, (found) => entryOf(WORDS, found) ?? found);
    if (plain === text) throw error;
    return JSON.parse(plain) as Json;
  }
}

/** A short form of any value for a message. */
export function excerpt(value: Json | undefined): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value, infinityByName);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** JSON has no infinity and would write null. */
function infinityByName(_key: string, value: Json | undefined): Json | undefined {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
