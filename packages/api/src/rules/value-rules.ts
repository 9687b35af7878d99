import { LABEL_KEYS, LABEL_REQUIREMENT, NODE_REQUIREMENT } from './label-rules.ts';
import { POD_ANNOTATIONS, POD_LABELS } from './pod-metadata-rules.ts';
import {
  ENV_FROM_SOURCE,
  ENV_VAR,
  ENV_VAR_SOURCE,
  PROJECTED_SOURCE,
  VOLUME,
  VOLUMES,
  VOLUME_MOUNT,
} from './pod-source-rules.ts';
import { type Problem, type SchemaNode, problemsWithin } from '../validation/problems.ts';
import { RESOURCES, RESOURCE_NAMES } from './resource-rules.ts';
import { VALUE_RULES_KEYWORD, type ValueKind } from '../schema/scalars.ts';
import type { ValueRule } from './value-rule.ts';

/** The rules of each kind of value. */
export const VALUE_RULES = {
  EnvFromSource: ENV_FROM_SOURCE,
  EnvVar: ENV_VAR,
  EnvVarSource: ENV_VAR_SOURCE,
  LabelKeys: LABEL_KEYS,
  LabelRequirement: LABEL_REQUIREMENT,
  NodeRequirement: NODE_REQUIREMENT,
  PodAnnotations: POD_ANNOTATIONS,
  PodLabels: POD_LABELS,
  ProjectedSource: PROJECTED_SOURCE,
  ResourceNames: RESOURCE_NAMES,
  Resources: RESOURCES,
  Volume: VOLUME,
  VolumeMount: VOLUME_MOUNT,
  Volumes: VOLUMES,
} as const satisfies Record<ValueKind, readonly ValueRule<never>[]>;

/** The rules for a part of the schema. */
export function valueRulesOf({ [VALUE_RULES_KEYWORD]: kind }: Pick<SchemaNode, typeof VALUE_RULES_KEYWORD>) {
  return kind === undefined ? [] : (VALUE_RULES[kind] as readonly ValueRule<unknown>[]);
}

/** The rules broken, at any depth, by a value that fits its schema. */
export const brokenValueRules = (schema: SchemaNode, value: unknown): Problem[] =>
  problemsWithin(schema, value, (part, object, path) =>
    valueRulesOf(part)
      .filter((rule) => !rule.holds(object))
      .map(({ field, message, fix }): Problem =>
        field === ''
          ? { path, value: object, message, fix }
          : { path: `${path}/${field}`, value: (object as Readonly<Record<string, unknown>>)[field], message, fix },
      ),
  );
