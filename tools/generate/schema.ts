import { DistillationJobSchema } from '@distillation/api/job';
import type { LIST_MAP_KEYS, VALUE_RULES_KEYWORD, ValueKind } from '@distillation/api/scalars';

/** A JSON schema with the keywords that TypeBox writes for this project's contract. */
export interface Schema {
  readonly $id?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean' | readonly ['string', 'integer'];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly [LIST_MAP_KEYS]?: readonly string[];
  readonly [VALUE_RULES_KEYWORD]?: ValueKind;
}

/** The contract as plain JSON, without TypeBox's symbols. */
export const CONTRACT = JSON.parse(JSON.stringify(DistillationJobSchema)) as Schema;

/** Names of the fields that a user must set: required ones without a default. */
export function requiredOf({ required = [], properties = {} }: Schema): string[] {
  return required.filter((name) => properties[name]?.default === undefined);
}

/** The schema of the values, for a map with free keys. */
export function mapValues({ patternProperties = {} }: Schema): Schema | undefined {
  return Object.values(patternProperties)[0];
}

/** The schema at a dotted path. */
export function schemaAt(path: string): Schema {
  return path.split('.').reduce<Schema>((schema, name) => {
    const child = schema.properties?.[name];
    if (child === undefined) throw new Error(`the contract has no field ${path}`);
    return child;
  }, CONTRACT);
}
