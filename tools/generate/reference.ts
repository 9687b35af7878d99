import { API_VERSION, KIND } from '@distillation/api/words';
import { RULES } from '@distillation/api/rules';
import { PATTERNS } from '@distillation/api/scalars';
import { FROZEN_AFTER_SUCCESS, FROZEN_AT_WORK } from '@distillation/api/transitions';
import { valueRulesOf } from '@distillation/api/value-rules';
import { type Schema, mapValues, requiredOf, schemaAt } from './schema.ts';

/** The field reference: every field with type, default, allowed values and meaning, with a section per kind of object. */
export function referenceText(): string {
  const spec = schemaAt('spec');
  const status = schemaAt('status');
  const objects = new Map<string, string>();
  const sections = [...childSections(spec, 'spec', objects), ...childSections(status, 'status', objects)];
  const statusAt = sections.findIndex((section) => section.startsWith('### status.'));
  return [
    '<!-- Generated from packages/api by `npm run generate`. Do not edit. -->',
    `# ${KIND}`,
    `API version \`${API_VERSION}\`. Fields marked **required** must be given; “–” means absent by default. An unknown field is refused, not ignored. Kinds of text, all written in quotes where YAML would read a number:`,
    Object.values(PATTERNS)
      .map(({ name, words }) => `- *${name}*: ${words}.`)
      .join('\n'),
    'The smallest job (on a cluster it also names its volume: `cluster: {volume: {claimName: NAME}}`):',
    ['```yaml', ...SMALLEST, '```'].join('\n'),
    `An editor with the YAML language server completes and checks a manifest that begins with \`# yaml-language-server: $schema=distillationjob.schema.json\` (the file beside this page).`,
    '## metadata',
    table(schemaAt('metadata'), objects),
    '## spec',
    sentence(spec.description),
    table(spec, objects),
    'On a cluster the API server refuses a change while the job runs of',
    FROZEN_AT_WORK.map(({ field }) => `- ${code(field)}`).join('\n'),
    `unless the job is suspended before or by the same write, or is over. ${FROZEN_AT_WORK[0]?.fix ?? ''} Once it has succeeded, ${FROZEN_AFTER_SUCCESS.map(({ field }) => code(field)).join(', ')} may not change any more. Everything else may be changed at any time.`,
    ...sections.slice(0, statusAt),
    '## status',
    sentence(status.description),
    table(status, objects),
    ...sections.slice(statusAt),
    '',
  ].join('\n\n');
}

const SMALLEST = [
  `apiVersion: ${API_VERSION}`,
  `kind: ${KIND}`,
  'metadata:',
  '  name: vgg16-cifar10',
  'spec:',
  '  teacher:',
  '    path: teachers/vgg16/model.json',
  '  dataset:',
  '    path: data/cifar-10',
  '    format: Cifar10',
  '  outputs:',
  '    path: jobs/vgg16-cifar10',
];

/** The object schema of a field or of its list entries. */
const objectOf = (schema: Schema): Schema | undefined => {
  if (schema.properties !== undefined) return schema;
  return schema.items === undefined ? undefined : objectOf(schema.items);
};

/** Sections of the objects inside this one. Equal objects share the section of the first, which `objects` records. */
function childSections(schema: Schema, path: string, objects: Map<string, string>): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const object = objectOf(child);
    return object === undefined ? [] : sectionsOf(object, `${path}.${name}`, objects);
  });
}

/** The section of an object and of those inside it. */
function sectionsOf(schema: Schema, path: string, objects: Map<string, string>): string[] {
  const id = identity(schema);
  if (objects.has(id)) return [];
  objects.set(id, path);
  const nested = childSections(schema, path, objects);
  return [
    `${path.split('.').length === 2 && path.startsWith('spec.') ? '##' : '###'} ${path}`,
    sentence(schema.description),
    table(schema, objects),
    ...rulesOf(schema, path),
    ...nested,
  ];
}

/** Objects with the same fields are of the same kind, whatever their descriptions. */
const identity = ({ properties, required }: Schema): string => JSON.stringify({ properties, required });

function table(schema: Schema, objects: ReadonlyMap<string, string>): string {
  const required = requiredOf(schema);
  const rows = Object.entries(schema.properties ?? {}).map(([name, child]) => {
    const shown = child.default === undefined ? '–' : code(JSON.stringify(child.default));
    const cells = [
      code(name),
      typeOf(child, objects),
      required.includes(name) ? '**required**' : shown,
      sentence(child.description),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| Field | Type | Default | Meaning |', '|---|---|---|---|', ...rows].join('\n');
}

/** Type and allowed values as text. */
function typeOf(schema: Schema, objects: ReadonlyMap<string, string>): string {
  if (schema.properties !== undefined) {
    const path = objects.get(identity(schema)) ?? '';
    return `[object](#${path.replaceAll('.', '').toLowerCase()})`;
  }
  const values = mapValues(schema);
  if (values !== undefined) return `map of text to ${typeOf(values, objects)}`;
  if (schema.items !== undefined) return `list of ${typeOf(schema.items, objects)}${countOf(schema)}`;
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (schema.format === 'date-time') return 'time';
  if (Array.isArray(schema.type)) return 'quantity or whole number';
  if (schema.type === 'integer') return `whole number, ${range(schema)}`;
  if (schema.type === 'boolean') return '`true`, `false`';
  const { pattern, maxLength } = schema;
  if (pattern !== undefined) return PATTERNS[pattern]?.name ?? `text of the form ${code(pattern)}`;
  return maxLength === undefined ? 'text' : `text, at most ${maxLength} characters`;
}

function countOf({ minItems, maxItems }: Schema): string {
  const bounds = [
    ...(minItems === undefined ? [] : [`at least ${minItems}`]),
    ...(maxItems === undefined ? [] : [`at most ${maxItems}`]),
  ];
  return bounds.length === 0 ? '' : `, ${bounds.join(', ')}`;
}

function range({ minimum, maximum }: Schema): string {
  if (minimum !== undefined && maximum !== undefined && maximum < 2147483647) return `${minimum} to ${maximum}`;
  return minimum === undefined ? 'any' : `${minimum} or more`;
}

/** Rules about direct fields of this object, and those of its maps, which have no section of their own. */
function rulesOf(schema: Schema, path: string): string[] {
  const maps = Object.entries(schema.properties ?? {}).filter(([, child]) => mapValues(child) !== undefined);
  const own = [
    ...RULES.filter(({ field }) => `spec.${field}`.replace(/\.[^.]+$/, '') === path),
    ...valueRulesOf(schema),
    ...maps.flatMap(([name, map]) => valueRulesOf(map).map((rule) => ({ ...rule, field: name }))),
  ];
  if (own.length === 0) return [];
  const rows = own.map(({ field, message, fix }) => `- ${code(field)} ${message}. ${fix}`);
  return ['A job is refused when', [...new Set(rows)].join('\n')];
}

const code = (text: string): string => `\`${text}\``;
const sentence = (text = ''): string => text;
