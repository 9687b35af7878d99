import type { Dialect } from '../files/dialect.ts';
import { isArray, type Json, type JsonObject, numbersOf } from '../files/json.ts';

/** How one key of a layer's config is treated; the reader refuses keys that it does not know. */
export interface Attribute {
  /**
   * `computed`: determines the output, and is passed on. `fixed`: determines the output, and only one value is supported. `tuning`:
   * is passed on and affects fine-tuning only. `none`: does not affect the output at inference.
   */
  readonly effect: 'computed' | 'fixed' | 'tuning' | 'none';
  /** The supported values, or why the key has no effect; for the reference. */
  readonly words: string;
  /** What is refused and why; for the reference. */
  readonly refused?: string;
  /** A sentence on what to do instead of this value; undefined for a supported one. */
  readonly wayOut?: (value: Json, context: LayerContext) => string | undefined;
}

interface LayerContext {
  readonly config: JsonObject;
  readonly dialect: Dialect;
}

type Check = Pick<Attribute, 'refused' | 'wayOut'>;

export function computed(words: string, check: Check = {}): Attribute {
  return { effect: 'computed', words, ...check };
}

export function none(words: string): Attribute {
  return { effect: 'none', words };
}

export function tuned(words: string): Attribute {
  return { effect: 'tuning', words };
}

/** A key for which only `neutral` (or null) is supported. */
export function fixed(neutral: Json, refused: string, wayOut: string): Attribute {
  return {
    effect: 'fixed',
    words: `only ${JSON.stringify(neutral)}`,
    refused,
    wayOut: (value) => (value === null || JSON.stringify(value) === JSON.stringify(neutral) ? undefined : wayOut),
  };
}

/** One of several words. Null stands for Keras' default. */
export function oneOf(
  values: readonly string[],
  check: { readonly refused?: string; readonly wayOut?: string } = {},
): Attribute {
  const list = values.map((value) => JSON.stringify(value)).join(' or ');
  const wayOut = check.wayOut ?? `Use ${list}.`;
  return computed(values.map((value) => `\`${value}\``).join(', '), {
    ...(check.refused === undefined ? {} : { refused: check.refused }),
    wayOut: (value) => (value === null || (typeof value === 'string' && values.includes(value)) ? undefined : wayOut),
  });
}

export const flag: Attribute = computed('true, false', {
  wayOut: (value) => (value === null || typeof value === 'boolean' ? undefined : 'Use true or false.'),
});

/** A whole number of at least `least`, or a list of them. Null stands for Keras' default. */
export function whole(least: number, check: { readonly words?: string } & Check = {}): Attribute {
  const words = check.words ?? (least === 1 ? 'whole numbers of 1 or more' : 'whole numbers');
  return computed(words, {
    ...(check.refused === undefined ? {} : { refused: check.refused }),
    wayOut: (value, context) => {
      const numbers = value === null ? [] : numbersOf(value);
      if (numbers === undefined || numbers.some((number) => !Number.isInteger(number) || number < least)) {
        return `Use whole numbers of ${least} or more.`;
      }
      return check.wayOut?.(value, context);
    },
  });
}

/** Any finite number. Null stands for Keras' default. */
export function real(words = 'any number', check: Check = {}): Attribute {
  return computed(words, {
    ...(check.refused === undefined ? {} : { refused: check.refused }),
    wayOut: (value, context) => {
      if (value !== null && !Number.isFinite(value)) return 'Use a number.';
      return check.wayOut?.(value, context);
    },
  });
}

/** Whether a value is a list with different numbers in it. */
export function isUneven(value: Json | undefined): boolean {
  const numbers = value === undefined ? undefined : numbersOf(value);
  return numbers !== undefined && new Set(numbers).size > 1;
}

/** Whether any number of a value is larger than 1. */
export function exceedsOne(value: Json | undefined): boolean {
  const numbers = value === undefined ? undefined : numbersOf(value);
  return numbers?.some((number) => number > 1) === true;
}

/** Numbers for the last axis: one for all of it, or a list, perhaps inside leading dimensions of size 1. Undefined for anything else. */
export function lastAxisValues(value: Json | undefined): number[] | undefined {
  if (isArray(value) && value.length === 1 && isArray(value[0])) return lastAxisValues(value[0]);
  if (isArray(value) && value.some((item) => typeof item !== 'number')) return undefined;
  return numbersOf(value);
}
