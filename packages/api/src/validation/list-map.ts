import type { SchemaValidateFunction } from 'ajv';
import { LIST_MAP_KEYS } from '../schema/scalars.ts';

/**
 * ajv keyword for a list whose entries are identified by keys: no two entries may have equal keys, as the API server requires for
 * such lists too. Entries of the wrong shape are reported by other keywords.
 */
export const listMapCheck: SchemaValidateFunction = (
  ...[keys, entries, parentSchema, context]: readonly [
    readonly string[],
    readonly unknown[],
    object?,
    { readonly instancePath: string }?,
  ]
): boolean => {
  const seen = new Set<string>();
  const errors = entries.flatMap((entry, index) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const id = JSON.stringify(keys.map((key) => (entry as Readonly<Record<string, unknown>>)[key]));
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    const at = `${context?.instancePath ?? ''}/${index}`;
    return [
      {
        keyword: LIST_MAP_KEYS,
        instancePath: at,
        schemaPath: '',
        params: { keys },
        data: entry,
        parentSchema,
        message: '',
      },
    ];
  });
  // ajv expects the errors as a property of the function.
  listMapCheck.errors = errors;
  return errors.length === 0;
};
