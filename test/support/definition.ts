import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { StructuralSchema } from './mutations.ts';

const FILE = new URL('../../crds/distillation.dev_distillationjobs.yaml', import.meta.url);

interface Definition {
  readonly spec: { readonly versions: readonly [{ readonly schema: { readonly openAPIV3Schema: RuledSchema } }] };
}

/** A structural schema with its rules. */
interface RuledSchema extends StructuralSchema {
  readonly items?: RuledSchema;
  readonly properties?: Readonly<Record<string, RuledSchema>>;
  readonly additionalProperties?: RuledSchema;
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message: string }[];
}

/** The definition's schema as the API server has it. */
export function rootSchema(): RuledSchema {
  const { spec } = load(readFileSync(FILE, 'utf8')) as Definition;
  return spec.versions[0].schema.openAPIV3Schema;
}

/** Schema of `spec`, with the pattern of each text whose form is a rule. */
export function specSchema(): StructuralSchema {
  return withPatterns(rootSchema().properties?.['spec'] ?? {});
}

const FORM = /^self\.matches\(r'(.*)'\)$/;

function withPatterns(schema: RuledSchema): StructuralSchema {
  const pattern = schema['x-kubernetes-validations']?.flatMap(({ rule }) => FORM.exec(rule)?.[1] ?? [])[0];
  const { items, properties, additionalProperties } = schema;
  return {
    ...schema,
    ...(pattern !== undefined && { pattern }),
    ...(items !== undefined && { items: withPatterns(items) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, withPatterns(child)])),
    }),
    ...(additionalProperties !== undefined && { additionalProperties: withPatterns(additionalProperties) }),
  };
}
