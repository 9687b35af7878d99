import type { ErrorObject } from 'ajv';
import { type LIST_MAP_KEYS, PATTERNS, type VALUE_RULES_KEYWORD, type ValueKind } from '../schema/scalars.ts';
import { nearest } from './suggest.ts';

/** One thing that is wrong with a manifest, and how to fix it. */
export interface Problem {
  /** JSON pointer, such as `/spec/training/epochs`. */
  readonly path: string;
  /** The offending value; undefined when the field is missing. */
  readonly value: unknown;
  /** What is wrong, as a clause that follows path and value. */
  readonly message: string;
  /** What to write instead, as a sentence. */
  readonly fix: string;
}

/** The part of a JSON schema from which messages are made and which shows where rules apply. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly [LIST_MAP_KEYS]?: readonly string[];
  readonly [VALUE_RULES_KEYWORD]?: ValueKind;
}

/** Schema errors as problems: one per path, the most basic one, since a value of the wrong type breaks other rules too. */
export function problemsOf(errors: readonly ErrorObject[], root: SchemaNode): Problem[] {
  const byPath = new Map<string, { problem: Problem; basic: boolean }>();
  for (const error of errors) {
    const problem = problemOf(error, root);
    const basic = error.keyword === 'type';
    const known = byPath.get(problem.path);
    if (known === undefined || (basic && !known.basic)) byPath.set(problem.path, { problem, basic });
  }
  return [...byPath.values()].map(({ problem }) => problem);
}

function problemOf(error: ErrorObject, root: SchemaNode): Problem {
  const schema = (error.parentSchema ?? {}) as SchemaNode;
  const params = error.params as Readonly<Record<string, unknown>>;
  const value: unknown = error.data;
  const at = { path: error.instancePath, value };
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(error.instancePath, {
        name: String(params['additionalProperty']),
        parent: value,
        schema,
        root,
      });
    case 'required': {
      const path = `${error.instancePath}/${escape(String(params['missingProperty']))}`;
      return { path, value: undefined, message: 'is missing', fix: 'Add it: it has no default.' };
    }
    case 'const':
      return {
        ...at,
        message: 'is not what this version reads',
        fix: `Write ${JSON.stringify(params['allowedValue'])}.`,
      };
    case 'enum':
      return { ...at, message: 'is not one of the allowed values', fix: oneOf(value, schema.enum ?? []) };
    case 'type':
      return { ...at, ...wrongType(value, schema) };
    case 'pattern':
      return { ...at, ...wrongForm(schema.pattern ?? '') };
    case 'minimum':
    case 'maximum':
      return { ...at, message: 'is out of range', fix: `Write ${wanted(schema)}.` };
    case 'minLength':
      return { ...at, message: 'is empty', fix: `Write ${wanted(schema)}.` };
    case 'minItems':
    case 'minProperties':
      return { ...at, message: 'is empty', fix: 'Give at least one entry.' };
    case 'maxLength':
      return { ...at, message: 'is too long', fix: `Use at most ${schema.maxLength ?? '?'} characters.` };
    case 'maxItems':
    case 'maxProperties':
      return {
        ...at,
        message: 'has too many entries',
        fix: `Give at most ${schema.maxItems ?? schema.maxProperties ?? '?'}.`,
      };
    default:
      return { ...at, message: error.message ?? `breaks the rule ${error.keyword}`, fix: 'See the field reference.' };
  }
}

interface UnknownField {
  readonly name: string;
  readonly parent: unknown;
  readonly schema: SchemaNode;
  readonly root: SchemaNode;
}

/** An unknown field: names the one that was probably meant, here or elsewhere in the manifest. */
function unknownField(parentPath: string, { name, parent, schema, root }: UnknownField): Problem {
  const value = (parent as Readonly<Record<string, unknown>>)[name];
  const known = Object.keys(schema.properties ?? {});
  const meant = nearest(name, known);
  const inner = fieldsOf(value).filter((field) => known.includes(field));
  const elsewhere = pathsOf(root, { name, value });
  const fix =
    meant !== undefined
      ? `Did you mean ${meant}?`
      : inner.length > 0
        ? `Write what it holds without it: ${inner.join(', ')} ${inner.length === 1 ? 'stands' : 'stand'} here.`
        : elsewhere.length > 0
          ? `It belongs at ${elsewhere.join(' or ')}.`
          : `Remove it; known here: ${known.join(', ')}.`;
  return { path: `${parentPath}/${escape(name)}`, value, message: 'is not a known field', fix };
}

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldsOf = (value: unknown): string[] => (isMap(value) ? Object.keys(value) : []);

/** Dotted paths of every field with that name whose type fits the value. */
function pathsOf(schema: SchemaNode, field: { readonly name: string; readonly value: unknown }, prefix = ''): string[] {
  const { name, value } = field;
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    // A user's field cannot belong in the status, which the operator writes.
    if (path === 'status') return [];
    const fits = (child.type === 'object') === isMap(value) && (child.type === 'array') === Array.isArray(value);
    return [...(key === name && fits ? [path] : []), ...pathsOf(child, field, path)];
  });
}

/** What is wrong with a text that does not match a pattern, in the same words wherever it is checked. */
export const wrongForm = (pattern: string): Pick<Problem, 'message' | 'fix'> => ({
  message: 'is not of the form asked for',
  fix: `Write ${wanted({ pattern })}.`,
});

function wrongType(value: unknown, schema: SchemaNode): Pick<Problem, 'message' | 'fix'> {
  const message = `is ${typeName(value)}, not ${[schema.type ?? 'a value'].flat().map(article).join(' or ')}`;
  if (schema.enum !== undefined) {
    if (typeof value === 'boolean') {
      const meant = value ? 'Enabled' : 'Disabled';
      if (schema.enum.includes(meant)) return { message, fix: `Write ${meant}.` };
    }
    return { message, fix: oneOf(value, schema.enum) };
  }
  if (typeof value === 'number' && schema.type === 'string') {
    const fits = schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(String(value));
    const quoted = fits ? `it in quotes: "${value}" (the API takes ${wanted(schema)})` : `${wanted(schema)}, in quotes`;
    return { message, fix: `Write ${quoted}.` };
  }
  if (typeof value === 'string' && schema.type === 'integer' && /^-?\d+$/.test(value)) {
    return { message, fix: `Write it without quotes: ${value}.` };
  }
  return { message, fix: `Write ${wanted(schema)}.` };
}

function oneOf(value: unknown, values: readonly string[]): string {
  const meant = typeof value === 'string' ? nearest(value, values) : undefined;
  const list = `one of ${values.join(', ')}`;
  return meant === undefined ? `Write ${list}.` : `Did you mean ${meant}? Write ${list}.`;
}

/** What a schema requires, in words. */
function wanted(schema: SchemaNode): string {
  if (schema.pattern !== undefined) return PATTERNS[schema.pattern]?.words ?? `text matching ${schema.pattern}`;
  if (schema.type === 'integer') return `a whole number from ${schema.minimum ?? '-∞'} to ${schema.maximum ?? '∞'}`;
  if (schema.type === 'boolean') return 'true or false';
  return [schema.type ?? 'a value'].flat().map(article).join(' or ');
}

const WORDS: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  string: 'text',
  array: 'a list',
  object: 'a map of fields',
  boolean: 'true or false',
};
const article = (type: string): string => WORDS[type] ?? type;

function typeName(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map of fields';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a decimal number';
  return `a ${typeof value}`;
}

/** The problems that `find` has with each map and list of a value, at any depth, beside its part of the schema: outer ones first. */
export function problemsWithin(
  schema: SchemaNode,
  value: unknown,
  find: (part: SchemaNode, object: object, path: string) => Problem[],
): Problem[] {
  const visit = (part: SchemaNode, inner: unknown, path: string): Problem[] => {
    if (typeof inner !== 'object' || inner === null) return [];
    const children = Object.entries(inner).flatMap(([key, child]) => {
      const childPart = Array.isArray(inner) ? part.items : part.properties?.[key];
      return childPart === undefined ? [] : visit(childPart, child, `${path}/${escape(key)}`);
    });
    return [...find(part, inner, path), ...children];
  };
  return visit(schema, value, '');
}

/** A field name as a JSON pointer segment (RFC 6901). */
const escape = (name: string): string => (/[~/]/.test(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name);

/** A list for people: one line per problem, with path, value, what is wrong and how to fix it. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ path, value, message, fix }) => {
      const field =
        path === '' ? 'the manifest' : path.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
      const shown = value === undefined ? '' : ` ${brief(value)}`;
      return `- ${field}:${shown} ${message}. ${fix}`;
    })
    .join('\n');
}

/** A value in a line of text: JSON, cut at 60 characters. */
function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
