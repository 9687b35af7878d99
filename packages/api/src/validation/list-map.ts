import type { SchemaValidateFunction } from 'ajv';
import { LIST_MAP_KEYS } from '../schema/scalars.ts';

/**
 * ajv's part of a list whose entries are told apart by their keys: no two entries may share them, as the API server demands of such
 * lists too. Entries of the wrong shape are other keywords' affair.
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
  // ajv's way to hand over errors: on the function itself.
  listMapCheck.errors = errors;
  return errors.length === 0;
};
