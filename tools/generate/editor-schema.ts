import { LIST_MAP_KEYS, VALUE_RULES_KEYWORD } from '@distillation/api/scalars';
import { CONTRACT, type Schema, requiredOf } from './schema.ts';

/** The contract as a JSON schema with which editors complete and check manifests (`# yaml-language-server: $schema=...`). */
export function editorSchemaText(): string {
  const root = { ...relaxed(CONTRACT), $id: undefined };
  return `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', title: 'DistillationJob', ...root }, null, 2)}\n`;
}

/** Makes fields with a default optional, since editors do not fill in defaults, and drops keywords of Kubernetes and our own. */
function relaxed(schema: Schema): Schema {
  const { items, properties, ...rest } = schema;
  return {
    ...rest,
    [LIST_MAP_KEYS]: undefined,
    [VALUE_RULES_KEYWORD]: undefined,
    ...(schema.required !== undefined && { required: requiredOf(schema) }),
    ...(items !== undefined && { items: relaxed(items) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, relaxed(child)])),
    }),
  };
}
