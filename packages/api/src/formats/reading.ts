import type { Shape } from './shape.ts';

/** What a body read from the volume or the wire is: of the format, of a version that this one does not read, or no such thing. */
export type Reading<T> =
  | { readonly as: 'Value'; readonly value: T }
  /** `readable`: the versions that are read here. */
  | { readonly as: 'OtherVersion'; readonly version: number; readonly readable: readonly number[] }
  | { readonly as: 'Damaged' };

export type Reader<T> = (body: unknown) => Reading<T>;

interface Versions {
  /** That are read; the last is written. */
  readonly versions?: readonly number[];
  /** Of a format that holds another one, which has the version: its field. */
  readonly within?: string;
}

/**
 * A reader of a format. Its version is looked at before all else: what another version wrote is not damaged. Absent it is 1, as formats
 * begin without one.
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

/** The value of a reading; undefined for anything else: for what is written every second and looked at in passing. */
export function valueOf<T>(reading: Reading<T>): T | undefined {
  return reading.as === 'Value' ? reading.value : undefined;
}

/** What is the matter with a file of another version, as a phrase that follows its name. */
export const otherVersion = ({ version, readable }: Extract<Reading<unknown>, { as: 'OtherVersion' }>): string =>
  `is of version ${version} of its format, and version ${readable.join(' or ')} is read here`;
