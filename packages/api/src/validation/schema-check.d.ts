import type { ErrorObject } from 'ajv';

/** Checks a manifest by the contract's schema and fills in its defaults, in place. Its errors have `data` and `parentSchema`. */
export const schemaCheck: {
  (value: unknown): boolean;
  /** Of the last check. */
  readonly errors?: readonly ErrorObject[] | null;
};
