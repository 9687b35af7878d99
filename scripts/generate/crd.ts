import { API_VERSION, KIND } from '@distillation/api/job';
import { RULES } from '@distillation/api/rules';
import { dump } from 'js-yaml';
import { CONTRACT, type Schema, mapValues, requiredOf, schemaAt } from './schema.ts';

/**
 * The custom resource definition: the contract as a structural schema (apiextensions/v1), its rules between fields as CEL. The API
 * server thus refuses what `validateJob` refuses, and fills in the same defaults but for those that depend on other fields.
 */
export function crdText(): string {
  return `# Generated from api/src by \`npm run generate\`. Do not edit.\n${dump(crd(), { noRefs: true })}`;
}

export function crd(): object {
  const [group = '', version = ''] = API_VERSION.split('/');
  const plural = `${KIND.toLowerCase()}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind: KIND, listKind: `${KIND}List`, plural, singular: KIND.toLowerCase(), shortNames: ['dj'] },
      scope: 'Namespaced',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            { name: 'Succeeded', type: 'string', jsonPath: '.status.conditions[?(@.type=="Succeeded")].status' },
            { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Succeeded")].reason' },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
          schema: { openAPIV3Schema: rootSchema() },
        },
      ],
    },
  };
}

function rootSchema(): object {
  return {
    type: 'object',
    description: CONTRACT.description,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      // Only the name of the metadata may be restricted by a custom resource.
      metadata: { type: 'object', properties: { name: structural(schemaAt('metadata.name')) } },
      spec: { ...structural(schemaAt('spec')), 'x-kubernetes-validations': validations() },
      status: {
        type: 'object',
        description: schemaAt('status').description,
        'x-kubernetes-preserve-unknown-fields': true,
      },
    },
  };
}

function validations(): object[] {
  return RULES.map(({ field, message, fix, cel }) => ({
    rule: cel,
    message: `${field} ${message}. ${fix}`,
    fieldPath: `.${field}`,
    reason: 'FieldValueInvalid',
  }));
}

/** Keywords that mean the same to the API server. */
const SHARED = [
  'description',
  'default',
  'enum',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'maxProperties',
] as const satisfies readonly (keyof Schema)[];
const TRANSLATED = ['type', 'items', 'properties', 'patternProperties', 'required', 'additionalProperties'];

/**
 * A schema of the contract in the API server's dialect. Unknown fields are pruned there (or refused, by the client's wish), free
 * maps use `additionalProperties`, and required is only what has no default.
 */
export function structural(schema: Schema): Record<string, unknown> {
  const strange = Object.keys(schema).filter(
    (keyword) => !TRANSLATED.includes(keyword) && !(SHARED as readonly string[]).includes(keyword),
  );
  if (strange.length > 0) throw new Error(`no translation for ${strange.join(', ')}: ${JSON.stringify(schema)}`);
  const shared: Partial<Record<string, unknown>> = Object.fromEntries(
    SHARED.flatMap((key) => (schema[key] === undefined ? [] : [[key, schema[key]]])),
  );
  if (Array.isArray(schema.type)) {
    delete shared['minimum'];
    return { ...shared, 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] };
  }
  const values = mapValues(schema);
  const required = requiredOf(schema);
  return {
    type: schema.type,
    ...shared,
    ...(schema.items !== undefined && { items: structural(schema.items), 'x-kubernetes-list-type': 'atomic' }),
    ...(values !== undefined && { additionalProperties: structural(values) }),
    ...(required.length > 0 && { required }),
    ...(schema.properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, child]) => [name, structural(child)]),
      ),
    }),
  };
}
