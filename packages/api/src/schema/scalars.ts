import { Type } from '@sinclair/typebox';

/**
 * Builders of scalar fields, shared by the sections of the spec. The Kubernetes API conventions forbid floating-point numbers in a
 * spec, so decimals are strings with a pattern; `decimal.ts` reads them. The patterns become part of the custom resource
 * definition, whose regular expressions have no look-around; `PATTERNS` says in words what each admits.
 */

const EXPONENT = '([eE][-+]?[0-9]{1,2})?';
/** A positive decimal such as "0.02" or "1e-3". */
export const POSITIVE_PATTERN = `^(0*[1-9][0-9]*(\\.[0-9]+)?|0+\\.0*[1-9][0-9]*)${EXPONENT}$`;
/** A decimal between 0 and 1, both included. */
export const FRACTION_PATTERN = '^(0(\\.[0-9]+)?|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$';
/** A decimal between 0 and 1, both excluded. */
export const PROPER_FRACTION_PATTERN = '^(0\\.0*[1-9][0-9]*|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$';
/** A decimal above 0 and at most 1. */
const SHARE_PATTERN = '^(0\\.0*[1-9][0-9]*|1(\\.0+)?|[1-9](\\.[0-9]+)?[eE]-(0?[1-9]|[1-9][0-9]))$';
/** A decimal that may be zero or negative, for channel means. */
export const SIGNED_DECIMAL_PATTERN = `^-?[0-9]+(\\.[0-9]+)?${EXPONENT}$`;
/**
 * A path relative to the root of a volume, made of plain segments: no leading or trailing slash, no segment that is empty, `.` or
 * `..`.
 */
const PATH_PATTERN = '^SEGMENT(/SEGMENT)*$'.replaceAll('SEGMENT', '([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)');
/** An absolute path of plain segments, as a place in a container: Kubernetes allows no colon there. */
export const ABSOLUTE_PATH_PATTERN = '^(/SEGMENT)+$'.replaceAll(
  'SEGMENT',
  '([^/.:][^/:]*|\\.[^/.:][^/:]*|\\.\\.[^/:]+)',
);
/** A layer-name glob: `*` any run of characters, `?` one. Brackets, braces and `!` are refused since they would have no meaning. */
const GLOB_PATTERN = '^[^\\[\\]{}!]+$';
/** A Kubernetes label name, as of a job or a namespace. */
export const NAME_PATTERN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
// Letters, digits and, inside, `_`, `-` and `.`. Kept short, since the API server estimates a rule's cost from the length of its
// pattern.
const ALNUM = '[^\\W_]';
const QUALIFIED = `${ALNUM}([-.\\w]{0,61}${ALNUM})?`;
/** The name of any other Kubernetes object, such as a claim: label names joined by dots. */
export const DNS_SUBDOMAIN_PATTERN = `^${SUBDOMAIN}$`;
/** The key of a label or taint: a name, optionally with a domain and a slash before it. */
export const LABEL_KEY_PATTERN = `^(${SUBDOMAIN}/)?${QUALIFIED}$`;
/** So short that the domain has at most the 253 characters that Kubernetes allows, whatever the name. */
export const LABEL_KEY_LENGTH = 255;
/** The key of an annotation: like that of a label, except that the domain may contain capitals. */
export const ANNOTATION_KEY_PATTERN = `^(${SUBDOMAIN.replaceAll('a-z', 'A-Za-z')}/)?${QUALIFIED}$`;
/** Longest value of an annotation: a small document, as some injected agents expect. */
export const ANNOTATION_VALUE_LENGTH = 4096;
/** The value of a label or taint. */
export const LABEL_VALUE_PATTERN = `^(${ALNUM}([-.\\w]*${ALNUM})?)?$`;
/** An extended resource as device plugins register it: always with a domain. */
export const EXTENDED_RESOURCE_PATTERN = `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+/${QUALIFIED}$`;
/** In quotas Kubernetes puts `requests.` before a resource's name and then allows a domain of at most 253 characters. */
export const RESOURCE_NAME_LENGTH = 246;
/** A resource of a container: one of Kubernetes itself, huge pages of a size, or an extended one. */
export const RESOURCE_NAME_PATTERN = `^(cpu|memory|ephemeral-storage|hugepages-[1-9][0-9]{0,3}(Ki|Mi|Gi)|${SUBDOMAIN}/${QUALIFIED})$`;
/** The reference of a container image: no white space. The rest is left to the container runtime. */
export const IMAGE_PATTERN = '^[^\\s]+$';
/** An environment variable that a shell can name. */
export const ENV_NAME_PATTERN = '^[A-Za-z_][A-Za-z0-9_]*$';
/** The key of a Secret or ConfigMap, which may be the name of a file: neither `.` nor beginning with `..`. */
export const FILE_KEY_PATTERN = '^(\\.?[-\\w][-.\\w]*)$';
/** A Kubernetes quantity such as "500m" or "16Gi". */
const QUANTITY_PATTERN = '^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$';

/** For each pattern a short name of what it admits, and the same in the words of an error message. */
export const PATTERNS: Readonly<Record<string, { readonly name: string; readonly words: string }>> = {
  [POSITIVE_PATTERN]: { name: 'positive decimal', words: 'a decimal above 0, such as "0.01" or "1e-3"' },
  [FRACTION_PATTERN]: { name: 'fraction', words: 'a decimal from 0 to 1, such as "0.02"' },
  [PROPER_FRACTION_PATTERN]: { name: 'proper fraction', words: 'a decimal above 0 and below 1, such as "0.1"' },
  [SHARE_PATTERN]: { name: 'share', words: 'a decimal above 0 and at most 1, such as "0.3"' },
  [SIGNED_DECIMAL_PATTERN]: { name: 'decimal', words: 'a decimal, such as "0.485" or "-1.5"' },
  [PATH_PATTERN]: {
    name: 'path',
    words:
      'a path relative to the root of the volume, such as "data/cifar-10", without `.` or `..` and no slash at either end',
  },
  [ABSOLUTE_PATH_PATTERN]: {
    name: 'absolute path',
    words: 'an absolute path, such as "/mnt/cache", without `.`, `..` or a colon and no slash at its end',
  },
  [GLOB_PATTERN]: {
    name: 'glob',
    words: 'a layer-name glob of plain characters, `*` (any run) and `?` (one); list alternatives one by one',
  },
  [NAME_PATTERN]: { name: 'name', words: 'lower-case letters, digits and `-`, with a letter or digit at both ends' },
  [DNS_SUBDOMAIN_PATTERN]: {
    name: 'object name',
    words: 'lower-case letters, digits, `-` and `.`, with a letter or digit at both ends',
  },
  [LABEL_KEY_PATTERN]: { name: 'label key', words: 'a label key, such as "pool" or "example.com/pool"' },
  [LABEL_VALUE_PATTERN]: {
    name: 'label value',
    words: 'letters, digits, `-`, `_` and `.`, with a letter or digit at both ends',
  },
  [EXTENDED_RESOURCE_PATTERN]: {
    name: 'extended resource',
    words: 'an extended resource, such as "nvidia.com/gpu" or "nvidia.com/mig-1g.10gb"',
  },
  [IMAGE_PATTERN]: { name: 'image', words: 'the reference of an image, such as "example.com/worker:1.0"' },
  [ENV_NAME_PATTERN]: { name: 'variable name', words: 'letters, digits and `_`, with no digit first' },
  [FILE_KEY_PATTERN]: { name: 'key', words: 'letters, digits, `-`, `_` and `.`, without two dots first' },
  [QUANTITY_PATTERN]: { name: 'quantity', words: 'a Kubernetes quantity, such as "500m" or "16Gi"' },
};

/** A positive decimal. */
export const decimal = (description: string, defaultValue: string) =>
  Type.String({ description, pattern: POSITIVE_PATTERN, maxLength: 24, default: defaultValue });

export const optionalDecimal = (description: string) =>
  Type.Optional(Type.String({ description, pattern: POSITIVE_PATTERN, maxLength: 24 }));

export const fraction = (description: string, defaultValue: string) =>
  Type.String({ description, pattern: FRACTION_PATTERN, maxLength: 24, default: defaultValue });

export const properFraction = (description: string, defaultValue: string) =>
  Type.String({ description, pattern: PROPER_FRACTION_PATTERN, maxLength: 24, default: defaultValue });

export const optionalProperFraction = (description: string) =>
  Type.Optional(Type.String({ description, pattern: PROPER_FRACTION_PATTERN, maxLength: 24 }));

export const optionalFraction = (description: string) =>
  Type.Optional(Type.String({ description, pattern: FRACTION_PATTERN, maxLength: 24 }));

export const optionalShare = (description: string) =>
  Type.Optional(Type.String({ description, pattern: SHARE_PATTERN, maxLength: 24 }));

interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
  readonly default: number;
}

export const integer = (description: string, bounds: Bounds) =>
  Type.Integer({ description, ...bounds, format: 'int32' });

export const optionalInteger = (description: string, bounds: Omit<Bounds, 'default'>) =>
  Type.Optional(Type.Integer({ description, ...bounds, format: 'int32' }));

export const relativePath = (description: string) =>
  Type.String({ description, minLength: 1, maxLength: 1024, pattern: PATH_PATTERN });

/** A closed set of CamelCase values. The single values are described in `description`. */
export const choice = <const Values extends readonly string[]>(
  description: string,
  values: Values,
  defaultValue: Values[number],
) => Type.Unsafe<Values[number]>({ type: 'string', description, enum: [...values], default: defaultValue });

/** The same without a default. */
export const requiredChoice = <const Values extends readonly string[]>(description: string, values: Values) =>
  Type.Unsafe<Values[number]>({ type: 'string', description, enum: [...values] });

/** Layer-name globs (`*` any run of characters, `?` one). */
export const globs = (description: string, defaultValue: readonly string[], minItems = 0) =>
  Type.Array(Type.String({ description: 'A glob.', minLength: 1, maxLength: 256, pattern: GLOB_PATTERN }), {
    description,
    ...(minItems > 0 && { minItems }),
    maxItems: 256,
    default: [...defaultValue],
  });

/** A map of labels: short texts by arbitrary keys. */
export const labelMap = (description: string, kind: ValueKind = 'LabelKeys') =>
  Type.Record(
    Type.String(),
    Type.String({ description: 'Value of the label.', maxLength: 63, pattern: LABEL_VALUE_PATTERN }),
    { description, maxProperties: 32, ...ruled(kind) },
  );

/**
 * Keyword of a list whose entries are identified by some of their fields: no two may be equal in them, and writers may own single
 * entries.
 */
export const LIST_MAP_KEYS = 'x-kubernetes-list-map-keys';
export const listMap = (key: string) => ({ [LIST_MAP_KEYS]: [key] });

/** Kinds of values with rules of their own: see `value-rules.ts`. */
export type ValueKind =
  | 'EnvFromSource'
  | 'EnvVar'
  | 'EnvVarSource'
  | 'LabelKeys'
  | 'LabelRequirement'
  | 'NodeRequirement'
  | 'PodAnnotations'
  | 'PodLabels'
  | 'ProjectedSource'
  | 'ResourceNames'
  | 'Resources'
  | 'Volume'
  | 'VolumeMount'
  | 'Volumes';

/** Keyword that names the rules of a value: see `value-rules.ts`. */
export const VALUE_RULES_KEYWORD = 'x-distillation-rules';
export const ruled = (kind: ValueKind) => ({ [VALUE_RULES_KEYWORD]: kind });

/** An amount of a resource. One schema with two types instead of a union, so that an error names the value and not two failed branches. */
export const quantity = (description: string) =>
  Type.Unsafe<string | number>({
    type: ['string', 'integer'],
    description,
    minimum: 0,
    maxLength: 32,
    pattern: QUANTITY_PATTERN,
  });
