/** Fraction of a nat in which divergences are summed: 2^-20, about a millionth. */
const PER_NAT = 2 ** 20;
/** Largest sum, so that it is exact in the solver's arithmetic with room to spare. */
const LARGEST = 2 ** 30;

/**
 * Divergences as whole numbers that a solver can sum exactly, in units of 2^-20 nat; coarser where the largest of all layers would add
 * up to more than 1,024 nats.
 *
 * @param divergences of the options of each layer, in nats
 */
export function wholeValues(divergences: readonly (readonly number[])[]): number[][] {
  const sum = divergences.reduce((total, ofLayer) => total + Math.max(0, ...ofLayer), 0);
  let unit = PER_NAT;
  while (sum * unit > LARGEST) unit /= 2;
  return divergences.map((ofLayer) => ofLayer.map((divergence) => Math.round(divergence * unit)));
}
