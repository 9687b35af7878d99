import { LIST_MAP_KEYS } from '../schema/scalars.ts';
import { type Problem, type SchemaNode, problemsWithin } from './problems.ts';

/**
 * Entries of lists that are identified by keys, at any depth, whose keys an earlier entry has: the API server refuses them too. Values
 * of the wrong shape are for others to report.
 */
export const brokenListMaps = (schema: SchemaNode, value: unknown): Problem[] =>
  problemsWithin(schema, value, ({ [LIST_MAP_KEYS]: keys }, list, path) =>
    keys === undefined || !Array.isArray(list) ? [] : repeated(list, keys, path),
  );

function repeated(entries: readonly unknown[], keys: readonly string[], path: string): Problem[] {
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const id = JSON.stringify(keys.map((key) => (entry as Readonly<Record<string, unknown>>)[key]));
    if (seen.size !== seen.add(id).size) return [];
    const names = keys.join(' and ');
    const message = `has the ${names} of an earlier entry`;
    return [{ path: `${path}/${index}`, value: entry, message, fix: `Give each entry a ${names} of its own.` }];
  });
}
