import { Type } from '@sinclair/typebox';

/**
 * Scalar field builders shared by the sections of the spec. The Kubernetes API conventions forbid floating-point numbers in a
 * spec, so decimals are strings with a pattern; `decimal.ts` reads them.
 */

/** A non-negative decimal such as "0.02" or "1e-3". */
export const DECIMAL_PATTERN = '^[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,2})?$';
/** A decimal between 0 and 1, both included. */
export const FRACTION_PATTERN = '^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-[0-9]{1,2})$';
/** A decimal that may be negative, for channel means. */
export const SIGNED_DECIMAL_PATTERN = '^-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,2})?$';
/** A path relative to the root of a volume: no leading slash, no `..` segment, no empty segment. */
export const PATH_PATTERN = '^(?!/)(?!(.*/)?\\.\\.(/|$))[^\\0]+$';

export const decimal = (description: string, defaultValue: string) =>
  Type.String({ description, pattern: DECIMAL_PATTERN, maxLength: 24, default: defaultValue });

export const optionalDecimal = (description: string) =>
  Type.Optional(Type.String({ description, pattern: DECIMAL_PATTERN, maxLength: 24 }));

export const fraction = (description: string, defaultValue: string) =>
  Type.String({ description, pattern: FRACTION_PATTERN, maxLength: 24, default: defaultValue });

export const optionalFraction = (description: string) =>
  Type.Optional(Type.String({ description, pattern: FRACTION_PATTERN, maxLength: 24 }));

interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
  readonly default: number;
}

export const integer = (description: string, bounds: Bounds) =>
  Type.Integer({ description, ...bounds, format: 'int32' });

export const optionalInteger = (description: string, bounds: Omit<Bounds, 'default'>) =>
  Type.Optional(Type.Integer({ description, ...bounds, format: 'int32' }));

export const relativePath = (description: string) =>
  Type.String({ description, minLength: 1, maxLength: 1024, pattern: PATH_PATTERN });

/** A closed set of CamelCase values. Descriptions of the single values belong in `description`. */
export const choice = <const Values extends readonly string[]>(
  description: string,
  values: Values,
  defaultValue: Values[number],
) => Type.Unsafe<Values[number]>({ type: 'string', description, enum: [...values], default: defaultValue });

/** Layer-name globs (`*` any run of characters, `?` one). */
export const globs = (description: string, defaultValue: readonly string[]) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { description, maxItems: 256, default: [...defaultValue] });
