import { API_VERSION, KIND } from '@distillation/api/words';
import { wrongForm } from '@distillation/api/problems';
import { RULES } from '@distillation/api/rules';
import type { Rule } from '@distillation/api/rule';
import { LIST_MAP_KEYS, PATTERNS, VALUE_RULES_KEYWORD } from '@distillation/api/scalars';
import { TRANSITIONS } from '@distillation/api/transitions';
import { valueRulesOf } from '@distillation/api/value-rules';
import { dump } from 'js-yaml';
import { CONTRACT, type Schema, mapValues, requiredOf, schemaAt } from './schema.ts';

/**
 * The custom resource definition: the contract as a structural schema (apiextensions/v1), with its rules between fields as CEL. The API
 * server thus refuses what `validateJob` refuses, and fills in the same defaults except for those that depend on other fields.
 */
export function crdText(): string {
  return `# Generated from packages/api by \`npm run generate\`. Do not edit.\n${dump(crd(), { noRefs: true })}`;
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
          additionalPrinterColumns: COLUMNS,
          schema: { openAPIV3Schema: rootSchema() },
        },
      ],
    },
  };
}

/** Columns of `kubectl get dj`; those of priority 1 only with `-o wide`. */
const COLUMNS: readonly object[] = [
  { name: 'Status', type: 'string', jsonPath: '.status.stage', description: 'What it is at, or how it ended.' },
  { name: 'Reason', type: 'string', jsonPath: '.status.reason', description: 'Why it failed, or what is in its way.' },
  { name: 'Progress', type: 'integer', jsonPath: '.status.progress.percent', description: 'Per cent of all work.' },
  { name: 'Blocks', type: 'string', jsonPath: '.status.progress.blocks', description: 'Finished blocks of all.' },
  { name: 'Bins', type: 'string', jsonPath: '.status.progress.bins', description: 'Running workers of all.' },
  { name: 'ETA', type: 'string', jsonPath: '.status.progress.eta', description: 'Time until it has succeeded.' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Time since it was created.' },
  ...[
    { name: 'Teacher', jsonPath: '.spec.teacher.path', description: 'The network that is made smaller.' },
    { name: 'Accuracy', jsonPath: '.status.result.studentAccuracy', description: 'Of the student, on the test split.' },
    {
      name: 'Ratio',
      jsonPath: '.status.result.compression',
      description: 'Parameters of the teacher over the student’s.',
    },
    {
      name: 'Speedup',
      jsonPath: '.status.result.speedup',
      description: 'Time of the teacher over the student’s in ONNX Runtime, on one thread.',
    },
  ].map((column) => ({ ...column, type: 'string', priority: 1 })),
];

function rootSchema(): object {
  const { pattern, ...name } = schemaAt('metadata.name');
  return {
    type: 'object',
    description: CONTRACT.description,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string', description: 'Version of the API: `distillation.dev/v1alpha1`.' },
      kind: { type: 'string', description: '`DistillationJob`.' },
      // Of the metadata, a custom resource may only restrict name and generateName.
      metadata: { type: 'object', properties: { name: structural(name) } },
      spec: { ...structural(schemaAt('spec')), 'x-kubernetes-validations': RULES.flatMap((rule) => validation(rule)) },
      status: structural(schemaAt('status')),
    },
    // At the root, where rules can also refer to status and name.
    'x-kubernetes-validations': [
      ...formRules({ type: 'string', ...(pattern !== undefined && { pattern }) }, 'metadata.name'),
      ...TRANSITIONS.flatMap((rule) => validation(rule, 'spec.')),
    ],
  };
}

/** A rule for the API server; empty for rules of local mode. */
function validation({ field, message, fix, cel }: Omit<Rule, 'holds'>, prefix = ''): object[] {
  if (cel === undefined) return [];
  return [
    {
      rule: cel,
      message: `${field} ${message}. ${fix}`.trimStart(),
      ...(field !== '' && { fieldPath: `.${prefix}${field}` }),
      reason: prefix === '' ? 'FieldValueInvalid' : 'FieldValueForbidden',
    },
  ];
}

/**
 * The form of a text as a rule: for a pattern, the API server would only return that pattern, while the rule says what to write, like
 * `validateJob`.
 */
function formRules({ type, pattern }: Schema, at = 'self'): object[] {
  if (pattern === undefined || !isSaidInWords(pattern)) return [];
  const quoted = `${pattern}${wrongForm(pattern).fix}`;
  if (quoted.includes("'")) throw new Error(`a quote in ${quoted}, which would end its CEL text`);
  const value = at === 'self' ? at : `self.${at}`;
  const matches = `${value}.matches(r'${pattern}')`;
  const rule = {
    field: '',
    ...wrongForm(pattern),
    cel: Array.isArray(type) ? `type(self) != string || ${matches}` : matches,
  };
  return validation(rule).map((one) => ({
    ...one,
    // By itself, the API server names only the type of a value that breaks a rule.
    messageExpression: `'"' + ${value === 'self' && Array.isArray(type) ? 'string(self)' : value} + '" ${rule.message}. ${rule.fix}'`,
    ...(at !== 'self' && { fieldPath: `.${at}` }),
  }));
}

/** Whether a pattern has a message; fields that only the operator writes need none. */
const isSaidInWords = (pattern: string): boolean => PATTERNS[pattern] !== undefined;

/** Keywords with the same meaning for the API server. */
const SHARED = [
  'description',
  'default',
  'enum',
  'format',
  'minimum',
  'maximum',
  'maxLength',
  'minItems',
  'maxItems',
  'maxProperties',
] as const satisfies readonly (keyof Schema)[];
const TRANSLATED = [
  'type',
  'pattern',
  'minLength',
  'items',
  'properties',
  'patternProperties',
  'required',
  'additionalProperties',
  LIST_MAP_KEYS,
  VALUE_RULES_KEYWORD,
];

/**
 * A schema of the contract as a structural schema of the API server, which prunes unknown fields (or refuses them, if the client asks for
 * it). Free maps use `additionalProperties`, and only fields without a default are required.
 */
export function structural(schema: Schema): Record<string, unknown> {
  const strange = Object.keys(schema).filter(
    (keyword) => !TRANSLATED.includes(keyword) && !(SHARED as readonly string[]).includes(keyword),
  );
  if (strange.length > 0) throw new Error(`no translation for ${strange.join(', ')}: ${JSON.stringify(schema)}`);
  const form = formRules(schema);
  const { pattern, minLength } = schema;
  const shared = {
    ...(form.length === 0 && {
      ...(pattern !== undefined && { pattern }),
      ...(minLength !== undefined && { minLength }),
    }),
    ...Object.fromEntries(SHARED.flatMap((key) => (schema[key] === undefined ? [] : [[key, schema[key]]]))),
    ...(schema.description !== undefined && { description: explained(schema.description, schema.default) }),
  };
  if (Array.isArray(schema.type)) {
    return {
      ...shared,
      ...rulesOf(form),
      'x-kubernetes-int-or-string': true,
      anyOf: [{ type: 'integer' }, { type: 'string' }],
    };
  }
  const values = mapValues(schema);
  const required = requiredOf(schema);
  const rules = [...form, ...valueRulesOf(schema).flatMap((rule) => validation(rule))];
  return {
    type: schema.type,
    ...shared,
    ...rulesOf(rules),
    ...(schema.items !== undefined && { items: structural(schema.items), ...listType(schema) }),
    ...(values !== undefined && { additionalProperties: structural(values) }),
    ...(required.length > 0 && { required }),
    ...(schema.properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, child]) => [name, structural(child)]),
      ),
    }),
  };
}

const rulesOf = (rules: readonly object[]): object => (rules.length === 0 ? {} : { 'x-kubernetes-validations': rules });

/** Adds the default to the description, since `kubectl explain` does not show defaults. */
function explained(description: string, value: unknown): string {
  const isSection = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (value === undefined || isSection) return description;
  return `${description} Default: ${typeof value === 'string' ? value : JSON.stringify(value)}.`;
}

const listType = ({ [LIST_MAP_KEYS]: keys }: Schema): object =>
  keys === undefined
    ? { 'x-kubernetes-list-type': 'atomic' }
    : { 'x-kubernetes-list-type': 'map', [LIST_MAP_KEYS]: keys };
