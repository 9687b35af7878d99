import type { Observation } from '@distillation/kube/calls';

const WRITES = new Set(['create', 'update', 'patch', 'apply', 'delete']);

/** Whether a call changes what is stored. Leases do not count: an operator renews its own for as long as it runs, whatever its jobs do. */
export const isWrite = ({ verb, resource }: Pick<Observation, 'verb' | 'resource'>): boolean =>
  WRITES.has(verb) && resource !== 'leases';

/** How many calls of each kind, such as `{ 'apply jobs': 3 }`. */
export function countedKinds(calls: readonly Pick<Observation, 'verb' | 'resource'>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { verb, resource } of calls) counts[`${verb} ${resource}`] = (counts[`${verb} ${resource}`] ?? 0) + 1;
  return counts;
}
