/**
 * The naive policy (Blakeney et al. 2020, arXiv:2012.03096, section 3.3):
 * deals the blocks out in the given order, one to each bin in turn. It needs no costs and balances
 * well when all blocks cost about the same.
 */
export function roundRobin<T>(tasks: readonly T[], bins: number): T[][] {
  const dealt: T[][] = Array.from({ length: bins }, () => []);
  tasks.forEach((task, index) => dealt[index % bins]?.push(task));
  return dealt;
}
