/**
 * Checks of what one process accepts from another: on the volume, in a termination message, in an answer. A format is written once,
 * as a shape, from which its type follows (docs/adr/0010-formats.md). A value that does not fit is refused as a whole. Unknown
 * fields are ignored, since a newer version may write more.
 */

/** A check of a value, and the type of the values that pass it. */
export type Shape<T> = (value: unknown) => value is T;

/** The type of a shape's values. */
export type Of<S> = S extends ((value: unknown) => value is infer T) ? T : never;

type Fields = Readonly<Record<string, Shape<unknown>>>;
interface IsOptional {
  readonly optional: true;
}
type Flat<T> = { [K in keyof T]: T[K] };

/** The type of an object with these fields. */
type Shaped<F extends Fields> = Flat<
  { readonly [K in keyof F as F[K] extends IsOptional ? never : K]: Of<F[K]> } & {
    readonly [K in keyof F as F[K] extends IsOptional ? K : never]?: Of<F[K]>;
  }
>;

export const text =
  (longest: number): Shape<string> =>
  (value): value is string =>
    typeof value === 'string' && value.length <= longest;

/** Most entries that a list on the volume may have; no valid file has more. */
export const MANY = 100_000;

/** A name, a hash or a short text; no valid one is longer. */
export const word = text(4096);

/** Finite, since JSON has no NaN and no infinity. */
export const number: Shape<number> = (value): value is number => typeof value === 'number' && Number.isFinite(value);

/** A number that is not negative. */
export const amount: Shape<number> = (value): value is number => number(value) && value >= 0;

/** A number between 0 and 1. */
export const fraction: Shape<number> = (value): value is number => amount(value) && value <= 1;

/** A whole number that is not negative. */
export const count: Shape<number> = (value): value is number => Number.isSafeInteger(value) && amount(value);

export const flag: Shape<boolean> = (value): value is boolean => typeof value === 'boolean';

export const among =
  <const T extends string | number>(...values: readonly T[]): Shape<T> =>
  (value): value is T =>
    values.some((one) => one === value);

/** A value, or null for a number that JSON cannot represent. */
export const orNull =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value): value is T | null =>
    value === null || shape(value);

/** For a field that may be absent. */
export function optional<T>(shape: Shape<T>): Shape<T> & IsOptional {
  const check = (value: unknown): value is T => value === undefined || shape(value);
  return Object.assign(check, { optional: true } as const);
}

export const listOf =
  <T>(shape: Shape<T>, longest = MANY): Shape<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.length <= longest && value.every((entry) => shape(entry));

export const pair: Shape<readonly [number, number]> = (value): value is readonly [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(count);

export const triple: Shape<readonly [number, number, number]> = (value): value is readonly [number, number, number] =>
  Array.isArray(value) && value.length === 3 && value.every(count);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function object<F extends Fields>(fields: F): Shape<Shaped<F>> {
  const entries = Object.entries(fields);
  return (value): value is Shaped<F> => isObject(value) && entries.every(([key, shape]) => shape(value[key]));
}

/** An object with arbitrary keys. */
export const mapOf =
  <T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> =>
  (value): value is Readonly<Record<string, T>> =>
    isObject(value) && Object.values(value).every((entry) => shape(entry));

/** One of several kinds of object, distinguished by `type`. */
export function tagged<V extends Readonly<Record<string, Fields>>>(
  variants: V,
): Shape<{ [N in keyof V]: Flat<{ readonly type: N } & Shaped<V[N]>> }[keyof V]> {
  const shapes = new Map(Object.entries(variants).map(([type, fields]) => [type, object(fields)]));
  return (value): value is { [N in keyof V]: Flat<{ readonly type: N } & Shaped<V[N]>> }[keyof V] =>
    isObject(value) && typeof value['type'] === 'string' && shapes.get(value['type'])?.(value) === true;
}
