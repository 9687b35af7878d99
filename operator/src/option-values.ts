import { ADDRESS_WORDS, type Address, parseAddress } from '@distillation/runtime/address';
import { InvalidArgumentError } from 'commander';

/** Parsers for the values of options, with an error message for invalid ones. */

export const NONE = 'none';

const namesOf = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map(dnsName);

/** Collects the values of a repeated flag. */
export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...new Set([...earlier, ...namesOf(value)])];
}

export function dnsName(text: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError('It must be lower-case letters, digits and "-", at most 63.');
}

export function positive(text: string): number {
  const value = /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 2_147_483_647) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 to 2147483647.');
}

export const idOrNone = (text: string): number | typeof NONE => (text === NONE ? NONE : positive(text));

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

export function duration(text: string): number {
  const match = /^([0-9]{1,6})(ms|s|m|h)$/.exec(text);
  const value = match === null ? 0 : Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
  // A timer of Node with a longer delay overflows and fires at once.
  if (value > 0 && value <= 2_147_483_647) return value;
  throw new InvalidArgumentError('It must be a time above 0 such as 500ms, 15s, 10m or 2h.');
}

/** Empty to serve nothing; commander cannot return undefined. */
export function address(text: string): Address | '' {
  const parsed = text === '' ? '' : parseAddress(text);
  if (parsed !== undefined) return parsed;
  throw new InvalidArgumentError(`It must be ${ADDRESS_WORDS}; empty serves nothing.`);
}
