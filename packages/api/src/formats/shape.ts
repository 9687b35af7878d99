/**
 * Checks of the shape of what another process sent. A pod runs the user's image: nothing in its words is believed before it is checked,
 * and what is not of the shape asked for is refused whole. Fields that are not asked for are let be: a newer worker may say more.
 */

export type Check = (value: unknown) => boolean;

export const text =
  (longest: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= longest;

/** A name, a hash, a short text: longer ones are nobody's. */
export const word = text(4096);

/** A finite number from 0 up. */
export const amount: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** A whole number from 0 up. */
export const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

export const flag: Check = (value) => typeof value === 'boolean';

export const among =
  (...values: readonly (string | number)[]): Check =>
  (value) =>
    (values as unknown[]).includes(value);

export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

export const listOf =
  (check: Check, longest: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= longest && value.every(check);

export const object =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(fields).every(([key, check]) => check((value as Readonly<Record<string, unknown>>)[key]));
