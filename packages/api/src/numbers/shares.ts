import { DistillError } from '../errors.ts';

/** Shares of a whole cost, as budgets limit it: exact, so that a share that was named as possible is accepted when it is written. */

/** A decimal of the API as an exact fraction: "0.02" is 2/100. */
export function exactDecimal(text: string): { readonly numerator: bigint; readonly denominator: bigint } {
  const match = /^(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d{1,2}))?$/.exec(text);
  if (match === null)
    throw new DistillError('DISTILL_E_MANIFEST_INVALID', `The text "${text}" is not a decimal number.`);
  const [, whole = '0', fraction = '', exponent = '0'] = match;
  const shift = Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  return shift >= 0
    ? { numerator: digits * 10n ** BigInt(shift), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-shift) };
}

/** The largest whole cost that is no more than a share of a whole. */
export function largestWithin(share: string, whole: number): number {
  const { numerator, denominator } = exactDecimal(share);
  return Number((numerator * BigInt(whole)) / denominator);
}

/** A cost as a share of a whole, rounded up to four digits so that it can be written as a budget. */
export function shareOf(cost: number, whole: number): string {
  const parts = (BigInt(cost) * 10_000n + BigInt(whole) - 1n) / BigInt(whole);
  return `${parts / 10_000n}.${String(parts % 10_000n).padStart(4, '0')}`.replace(/\.?0+$/, '');
}
