import type { Observation } from '@distillation/kube/calls';

const WRITES = new Set(['create', 'update', 'patch', 'apply', 'delete']);

export const isWrite = ({ verb }: Pick<Observation, 'verb'>): boolean => WRITES.has(verb);

/** How many calls of each kind, such as `{ 'apply jobs': 3 }`. */
export function countedKinds(calls: readonly Pick<Observation, 'verb' | 'resource'>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { verb, resource } of calls) counts[`${verb} ${resource}`] = (counts[`${verb} ${resource}`] ?? 0) + 1;
  return counts;
}
