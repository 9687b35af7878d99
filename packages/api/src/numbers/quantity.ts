import { internalError } from '../errors.ts';

/** Kubernetes quantities, compared exactly: as whole numbers of billionths, the smallest part that Kubernetes knows. */

const BILLION = 10n ** 9n;

const UNITS: Readonly<Record<string, bigint>> = {
  '': BILLION,
  m: BILLION / 1000n,
  ...Object.fromEntries(['k', 'M', 'G', 'T', 'P', 'E'].map((unit, i) => [unit, BILLION * 1000n ** BigInt(i + 1)])),
  ...Object.fromEntries(
    ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((unit, i) => [unit, BILLION * 1024n ** BigInt(i + 1)]),
  ),
};

/**
 * A quantity in the form that the schema requires, or a whole number, in billionths; smaller parts count as one, as in Kubernetes.
 *
 * @throws Error for any other text
 */
export function billionths(quantity: string | number): bigint {
  if (typeof quantity === 'number') return BigInt(quantity) * BILLION;
  const [, whole = '', fraction = '', suffix = ''] = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)$/.exec(quantity) ?? [];
  const unit = UNITS[suffix];
  if (whole === '' || unit === undefined) throw internalError(`${JSON.stringify(quantity)} is not a quantity.`);
  const [parts, scale] = [BigInt(whole + fraction) * unit, 10n ** BigInt(fraction.length)];
  return (parts + scale - 1n) / scale;
}
