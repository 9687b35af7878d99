import type { Shape } from './shape.ts';

/**
 * The result of reading a body from the volume or the wire: a value of the format, one of a version that cannot be read, or
 * something else.
 */
export type Reading<T> =
  | { readonly as: 'Value'; readonly value: T }
  /** `readable`: the versions that can be read. */
  | { readonly as: 'OtherVersion'; readonly version: number; readonly readable: readonly number[] }
  | { readonly as: 'Damaged' };

export type Reader<T> = (body: unknown) => Reading<T>;

interface Versions {
  /** Versions that can be read; the last is the one written. */
  readonly versions?: readonly number[];
  /** The field with an inner format that carries the version. */
  readonly within?: string;
}

/**
 * A reader of a format. The version is checked before anything else, since what another version wrote is not damaged. An absent
 * version is 1, because formats begin without one.
 */
export function readerOf<T>(shape: Shape<T>, { versions = [1], within }: Versions = {}): Reader<T> {
  return (body) => {
    const version = memberOf(within === undefined ? body : memberOf(body, within), 'version') ?? 1;
    if (typeof version === 'number' && !versions.includes(version))
      return { as: 'OtherVersion', version, readable: versions };
    return shape(body) ? { as: 'Value', value: body } : { as: 'Damaged' };
  };
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

/**
 * The value of a reading, undefined for anything else; for files that are written every second and where a failed read does not
 * matter.
 */
export function valueOf<T>(reading: Reading<T>): T | undefined {
  return reading.as === 'Value' ? reading.value : undefined;
}

/** What is wrong with a file of another version, as a phrase that follows its name. */
export const otherVersion = ({ version, readable }: Extract<Reading<unknown>, { as: 'OtherVersion' }>): string =>
  `is of version ${version} of its format, and version ${readable.join(' or ')} is read here`;
