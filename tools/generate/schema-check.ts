import { DistillationJobSchema } from '@distillation/api/job';
import { LIST_MAP_KEYS, VALUE_RULES_KEYWORD } from '@distillation/api/scalars';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

const HEADER = `// Generated from the contract by \`npm run generate\` (tools/generate/schema-check.ts). Do not edit.
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
`;

/** Length, as JSON, from which a part of the schema that occurs more than once becomes a function of its own. */
const WORTH_A_FUNCTION = 300;

/**
 * The contract's schema compiled by ajv into a module: compiled when a process starts, it would cost each planner, worker and finalizer
 * most of a second (docs/adr/0019-compiled-schema.md). A status is the operator's and not checked.
 */
export function schemaCheckText(): string {
  const properties = { ...DistillationJobSchema.properties, status: undefined };
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    // Keywords that only Kubernetes interprets.
    formats: { int32: true, int64: true, 'date-time': true },
    useDefaults: true,
    verbose: true,
    inlineRefs: false,
    code: { source: true, esm: true, lines: true },
  });
  // Checked by functions of ours, beside the schema.
  for (const keyword of [LIST_MAP_KEYS, VALUE_RULES_KEYWORD]) ajv.addKeyword(keyword);
  const plain = JSON.parse(JSON.stringify({ ...DistillationJobSchema, properties }), withoutDescription) as Node;
  ajv.addSchema(withShared(plain));
  return HEADER + standalone.default(ajv, { schemaCheck: 'DistillationJob' });
}

const withoutDescription = (key: string, value: unknown): unknown =>
  key === 'description' && typeof value === 'string' ? undefined : value;

type Node = Readonly<Record<string, unknown>>;

/** The schema with `$ref`s to one definition for what occurs more than once. */
function withShared(schema: Node): Node {
  const counts = new Map<string, number>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const text = textOf(node);
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    // What is within a repeated part is counted once.
    if (count === 1) Object.values(node).forEach(visit);
  };
  visit(schema);
  const definitions: Record<string, unknown> = {};
  const names = new Map<string, string>();
  const shared = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return node.map(shared);
    const text = textOf(node);
    const inner = (of: object): unknown =>
      Object.fromEntries(Object.entries(of).map(([key, value]) => [key, shared(value)]));
    if (!('type' in node) || text.length < WORTH_A_FUNCTION || (counts.get(text) ?? 0) < 2) return inner(node);
    let name = names.get(text);
    if (name === undefined) {
      name = `part${names.size + 1}`;
      names.set(text, name);
      definitions[name] = inner(JSON.parse(text) as object);
    }
    // A default is where it applies: ajv reads none within a definition.
    return { $ref: `#/definitions/${name}`, ...('default' in node && { default: node.default }) };
  };
  const root = shared(schema) as Node;
  return { ...root, definitions };
}

const textOf = (node: object): string => JSON.stringify({ ...node, default: undefined });
