import { billionths } from '@distillation/api/quantity';

/** Amounts of resources, in billionths of their units, by resource; one that is absent is none. Pure. */
export type Amounts = ReadonlyMap<string, bigint>;

const BILLION = 10n ** 9n;
/** One of what is counted, such as pods. */
export const ONE = BILLION;

/** A quantity of the API server; undefined for what is none, so that it is not judged by. */
export function amountOf(quantity: string | number | undefined): bigint | undefined {
  try {
    return quantity === undefined ? undefined : billionths(quantity);
  } catch {
    return undefined;
  }
}

export function amountsOf(quantities: Readonly<Record<string, string | number>> = {}): Amounts {
  const amounts = new Map<string, bigint>();
  for (const [name, quantity] of Object.entries(quantities)) {
    const amount = amountOf(quantity);
    if (amount !== undefined) amounts.set(name, amount);
  }
  return amounts;
}

/** Of each resource the sum, or what `by` says of two amounts. */
export function combined(all: readonly Amounts[], by = (a: bigint, b: bigint): bigint => a + b): Amounts {
  const result = new Map<string, bigint>();
  for (const amounts of all) {
    for (const [name, amount] of amounts) result.set(name, by(result.get(name) ?? 0n, amount));
  }
  return result;
}

/** Of each resource of `whole`, what is left without `part`. */
export const without = (whole: Amounts, part: Amounts): Amounts =>
  new Map([...whole].map(([name, amount]) => [name, amount - (part.get(name) ?? 0n)]));

export const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** So many times the amounts. */
export const times = (amounts: Amounts, n: number): Amounts =>
  new Map([...amounts].map(([name, amount]) => [name, amount * BigInt(n)]));

/** How many times `each` goes into what is there, up to `most`. */
export function goesInto(each: bigint, there: bigint, most: number): number {
  if (each <= 0n) return most;
  const n = there <= 0n ? 0n : there / each;
  return n > BigInt(most) ? most : Number(n);
}

const BYTES = ['Ti', 'Gi', 'Mi', 'Ki'] as const;

/** An amount as Kubernetes writes quantities: `500m` or `2` of cpu, `1.5Gi` of what is counted in bytes, else a number. */
export function quantityText(resource: string, amount: bigint): string {
  if (/(^|[./-])(memory|storage|ephemeral-storage)$/.test(resource)) return bytesText(Number(amount / BILLION));
  if (amount % BILLION === 0n) return `${amount / BILLION}`;
  return `${Number(amount / 1_000_000n)}m`;
}

function bytesText(bytes: number): string {
  const at = BYTES.findIndex((_, index) => Math.abs(bytes) >= 1024 ** (BYTES.length - index));
  const unit = BYTES[at];
  if (unit === undefined) return `${bytes}`;
  return `${Number((bytes / 1024 ** (BYTES.length - at)).toPrecision(4))}${unit}`;
}
