import type { Shape } from './shape.ts';

/**
 * The result of reading a body from the volume or the wire: a value of the format, one of a version that cannot be read, or
 * something else.
 */
export type Reading<T> =
  | { readonly as: 'Value'; readonly value: T }
  /** `readable`: the versions that can be read. */
  | { readonly as: 'OtherVersion'; readonly version: Version; readonly readable: readonly Version[] }
  | { readonly as: 'Damaged' };

export type Reader<T> = (body: unknown) => Reading<T>;

/** Of our own formats a number, of a manifest its API version. */
type Version = number | string;

interface Versions {
  /** Versions that can be read; the last is the one written. */
  readonly versions?: readonly Version[];
  /** The field that carries the version. */
  readonly field?: string;
  /** The field with an inner format that carries the version. */
  readonly within?: string;
}

/**
 * A reader of a format. The version is checked before anything else, since what another version wrote is not damaged. An absent
 * version is the first, because formats begin without one.
 */
export function readerOf<T>(shape: Shape<T>, { versions = [1], field = 'version', within }: Versions = {}): Reader<T> {
  const isVersion = (value: unknown): value is Version => typeof value === typeof versions[0];
  return (body) => {
    const version = memberOf(within === undefined ? body : memberOf(body, within), field);
    if (isVersion(version) && !versions.includes(version)) return { as: 'OtherVersion', version, readable: versions };
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
