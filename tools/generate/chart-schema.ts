import { readFileSync } from 'node:fs';
import {
  ANNOTATION_KEY_PATTERN,
  LABEL_KEY_LENGTH,
  LABEL_KEY_PATTERN,
  LIST_MAP_KEYS,
  RESOURCE_NAME_LENGTH,
  RESOURCE_NAME_PATTERN,
  VALUE_RULES_KEYWORD,
  type ValueKind,
} from '@distillation/api/scalars';
import { NOT_FOR_ALL } from '../../operator/src/option-child-values.ts';
import { type Schema, mapValues, requiredOf, schemaAt } from './schema.ts';

const VALUES = new URL('../../charts/distillation-operator/values.schema.json', import.meta.url);

/**
 * The schema of the chart's values, which is written by hand but for `jobs.defaults` and each of `jobs.classes`: those are the contract's
 * pod template, without what the operator takes for one job only, so that helm refuses what the operator would end at when it starts.
 */
export function chartSchemaText(): string {
  const schema = JSON.parse(readFileSync(VALUES, 'utf8')) as { definitions: object };
  const { properties = {}, ...template } = schemaAt('spec.cluster.workerTemplate');
  const ofAll = Object.entries(properties).filter(([name]) => !(NOT_FOR_ALL as readonly string[]).includes(name));
  const podDefaults = {
    ...forHelm({ ...template, properties: Object.fromEntries(ofAll) }),
    description:
      'Generated from packages/api by `npm run generate`: fields of spec.cluster.workerTemplate, but for those of one job. Rules between fields are the operator’s to check.',
  };
  return `${JSON.stringify({ ...schema, definitions: { ...schema.definitions, podDefaults } }, null, 2)}\n`;
}

const keys = (pattern: string, maxLength: number): object => ({ propertyNames: { pattern, maxLength } });

/** What of the rules of a value a JSON schema can say. */
const SAID: Partial<Record<ValueKind, object>> = {
  EnvVar: {
    not: {
      anyOf: [
        { required: ['value', 'valueFrom'] },
        { properties: { name: { pattern: '^(DISTILL_.*|JOB_COMPLETION_INDEX)$' } } },
      ],
    },
  },
  EnvVarSource: { oneOf: [{ required: ['secretKeyRef'] }, { required: ['configMapKeyRef'] }] },
  LabelKeys: keys(LABEL_KEY_PATTERN, LABEL_KEY_LENGTH),
  PodAnnotations: keys(ANNOTATION_KEY_PATTERN, LABEL_KEY_LENGTH),
  PodLabels: keys(LABEL_KEY_PATTERN, LABEL_KEY_LENGTH),
  ResourceNames: keys(RESOURCE_NAME_PATTERN, RESOURCE_NAME_LENGTH),
};

/** A part of the contract in the words of JSON schema's draft 7, without keywords of Kubernetes and our own. */
function forHelm(schema: Schema): object {
  const { items, properties, ...rest } = schema;
  const kind = schema[VALUE_RULES_KEYWORD];
  const values = mapValues(schema);
  const needed = requiredOf(schema);
  return {
    ...rest,
    [LIST_MAP_KEYS]: undefined,
    [VALUE_RULES_KEYWORD]: undefined,
    format: undefined,
    patternProperties: undefined,
    required: needed.length > 0 ? needed : undefined,
    ...(kind !== undefined && SAID[kind]),
    ...(items !== undefined && { items: forHelm(items) }),
    ...(values !== undefined && { additionalProperties: forHelm(values) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, forHelm(child)])),
    }),
  };
}
