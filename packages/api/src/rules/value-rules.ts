import { LABEL_KEYS, LABEL_REQUIREMENT, NODE_REQUIREMENT } from './label-rules.ts';
import { POD_ANNOTATIONS, POD_LABELS } from './pod-metadata-rules.ts';
import { type Problem, type SchemaNode, escape } from '../validation/problems.ts';
import { RESOURCES, RESOURCE_NAMES } from './resource-rules.ts';
import { VALUE_RULES_KEYWORD } from '../schema/scalars.ts';

/**
 * What the schema cannot say of a kind of value, wherever in the spec it stands: most of it what Kubernetes itself would refuse only
 * when the pods are made. As the rules between fields (`rules.ts`), each is a predicate and CEL; `self` is the value. A part of the
 * schema names its kind by a keyword.
 */
export interface ValueRule<Value> {
  /** The field of the value that the user should look at; empty: the value itself. */
  readonly field: string;
  /** What is wrong, as a clause that follows the field's path. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
  readonly cel: string;
  /** Asked of values that fit the schema. */
  holds(value: Value): boolean;
}

export const VALUE_RULES = {
  LabelKeys: LABEL_KEYS,
  LabelRequirement: LABEL_REQUIREMENT,
  NodeRequirement: NODE_REQUIREMENT,
  PodAnnotations: POD_ANNOTATIONS,
  PodLabels: POD_LABELS,
  ResourceNames: RESOURCE_NAMES,
  Resources: RESOURCES,
} as const;

export type ValueKind = keyof typeof VALUE_RULES;

/** The rules of a part of the schema. */
export function valueRulesOf({ [VALUE_RULES_KEYWORD]: kind }: Pick<SchemaNode, typeof VALUE_RULES_KEYWORD>) {
  return kind === undefined ? [] : (VALUE_RULES[kind] as readonly ValueRule<unknown>[]);
}

/** The rules that a value, which fits its schema, breaks at any depth. */
export function brokenValueRules(schema: SchemaNode, value: unknown, path = ''): Problem[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = valueRulesOf(schema)
    .filter((rule) => !rule.holds(value))
    .map(({ field, message, fix }): Problem =>
      field === ''
        ? { path, value, message, fix }
        : { path: `${path}/${field}`, value: (value as Readonly<Record<string, unknown>>)[field], message, fix },
    );
  const children = Object.entries(value).flatMap(([key, child]) => {
    const part = Array.isArray(value) ? schema.items : schema.properties?.[key];
    return part === undefined ? [] : brokenValueRules(part, child, `${path}/${escape(key)}`);
  });
  return [...own, ...children];
}
