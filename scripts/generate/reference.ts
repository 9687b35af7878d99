import { API_VERSION, KIND } from '@distillation/api/job';
import { RULES } from '@distillation/api/rules';
import { PATTERNS } from '@distillation/api/schema/scalars';
import { type Schema, mapValues, requiredOf, schemaAt } from './schema.ts';

/** The field reference: every field with type, default, allowed values and meaning, a section for each object of the spec. */
export function referenceText(): string {
  const spec = schemaAt('spec');
  return [
    '<!-- Generated from api/src by `npm run generate`. Do not edit. -->',
    `# ${KIND}`,
    `API version \`${API_VERSION}\`. Fields marked **required** must be given; “–” means absent by default. An unknown field is refused, not ignored. Kinds of text, all written in quotes where YAML would read a number:`,
    Object.values(PATTERNS)
      .map(({ name, words }) => `- *${name}*: ${words}.`)
      .join('\n'),
    'The smallest job:',
    ['```yaml', ...SMALLEST, '```'].join('\n'),
    `An editor with the YAML language server completes and checks a manifest that begins with \`# yaml-language-server: $schema=distillationjob.schema.json\` (the file beside this page).`,
    '## metadata',
    table(schemaAt('metadata'), 'metadata'),
    '## spec',
    sentence(spec.description),
    table(spec, 'spec'),
    ...Object.entries(spec.properties ?? {}).flatMap(([name, section]) => sectionsOf(section, `spec.${name}`)),
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

/** The section of an object and those of the objects in it. */
function sectionsOf(schema: Schema, path: string): string[] {
  if (schema.properties === undefined) return [];
  const nested = Object.entries(schema.properties).flatMap(([name, child]) => sectionsOf(child, `${path}.${name}`));
  return [
    `${path.split('.').length === 2 ? '##' : '###'} ${path}`,
    sentence(schema.description),
    table(schema, path),
    ...rulesOf(path),
    ...nested,
  ];
}

function table(schema: Schema, path: string): string {
  const required = requiredOf(schema);
  const rows = Object.entries(schema.properties ?? {}).map(([name, child]) => {
    const shown = child.default === undefined ? '–' : code(JSON.stringify(child.default));
    const cells = [
      code(name),
      typeOf(child, `${path}.${name}`),
      required.includes(name) ? '**required**' : shown,
      sentence(child.description),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| Field | Type | Default | Meaning |', '|---|---|---|---|', ...rows].join('\n');
}

/** Type and allowed values in words. */
function typeOf(schema: Schema, path: string): string {
  if (schema.properties !== undefined) return `[object](#${path.replaceAll('.', '').toLowerCase()})`;
  const values = mapValues(schema);
  if (values !== undefined) return `map of text to ${typeOf(values, path)}`;
  if (schema.items !== undefined) return `list of ${typeOf(schema.items, path)}s${countOf(schema)}`;
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
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

/** Rules whose field lies in this object itself, not deeper. */
function rulesOf(path: string): string[] {
  const own = RULES.filter(({ field }) => `spec.${field}`.replace(/\.[^.]+$/, '') === path);
  if (own.length === 0) return [];
  const rows = own.map(({ field, message, fix }) => `- ${code(field)} ${message}. ${fix}`);
  return ['A job is refused when', rows.join('\n')];
}

const code = (text: string): string => `\`${text}\``;
const sentence = (text = ''): string => text;
