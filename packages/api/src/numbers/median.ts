/** The middle value, or the mean of the two in the middle; NaN for an empty list. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/**
 * The value that this share of the values is at most, linear between the two beside it (R's type 7); NaN for an empty list.
 * @param share 0 to 1
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const [below = NaN, above = NaN] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
  return below + (rank - Math.floor(rank)) * (above - below);
}
