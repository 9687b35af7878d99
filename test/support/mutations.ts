import fc from 'fast-check';

/**
 * Single-field changes of an object, made from the schema of its custom resource definition after Acto's generators (SOSP'23): every
 * field is deleted or added, every number changed, every enum and boolean switched, every list and map grown, shrunk and emptied. Pure: the
 * caller checks what a change does to a cluster, and whether it is refused.
 */

/** The part of a structural schema (apiextensions/v1) that is read here. */
export interface StructuralSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxLength?: number;
  readonly required?: readonly string[];
  readonly items?: StructuralSchema;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: StructuralSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

type MutationKind =
  | 'Delete'
  | 'Add'
  | 'Increase'
  | 'Decrease'
  | 'Change'
  | 'Toggle'
  | 'Choose'
  | 'Push'
  | 'Pop'
  | 'Empty';

interface Mutation<T> {
  /** As the API server names it, such as `spec.blocks.exclude[0]`. */
  readonly path: string;
  readonly kind: MutationKind;
  /** The whole object with this one change. */
  readonly value: T;
}

type Key = string | number;

/** A place and a kind of change. */
interface Site {
  readonly keys: readonly Key[];
  readonly kind: MutationKind;
  /** What is put there; undefined removes it. */
  readonly replacement: fc.Arbitrary<unknown>;
}

export interface Mutable<T> {
  readonly schema: StructuralSchema;
  readonly value: T;
  /** Prefix of every path, such as `spec`. */
  readonly path: string;
}

/** Every change that can be made, in the order of the schema. */
export function sitesOf(
  { schema, value }: Pick<Mutable<unknown>, 'schema' | 'value'>,
  keys: readonly Key[] = [],
): Site[] {
  return [
    ...sitesAt(schema, value, keys),
    ...childrenOf(schema, value).flatMap(([key, child]) => fieldSites(child, [...keys, key])),
  ];
}

/** Changes drawn at random. */
export function mutationOf<T>(mutable: Mutable<T>): fc.Arbitrary<Mutation<T>> {
  const sites = sitesOf(mutable);
  return fc.constantFrom(...sites).chain((site) => mutationAt(mutable, site));
}

/** A change at this place. */
function mutationAt<T>({ value, path }: Mutable<T>, { keys, kind, replacement }: Site): fc.Arbitrary<Mutation<T>> {
  return replacement.map((put) => ({ path: pathOf(path, keys), kind, value: withValueAt(value, keys, put) as T }));
}

/** One change for each place and kind, the same ones for the same seed. */
export function everyMutation<T>(mutable: Mutable<T>, seed: number): Mutation<T>[] {
  return sitesOf(mutable).flatMap((site, index) =>
    fc.sample(mutationAt(mutable, site), { numRuns: 1, seed: seed + index }),
  );
}

interface Child {
  readonly schema: StructuralSchema;
  readonly value: unknown;
  /** An entry of a list is not deleted in its midst: `Pop` and `Empty` do that. */
  readonly entry: boolean;
}

function childrenOf(schema: StructuralSchema, value: unknown): (readonly [Key, Child])[] {
  const { items, properties = {}, additionalProperties } = schema;
  if (Array.isArray(value)) {
    return items === undefined
      ? []
      : value.map((one: unknown, index) => [index, { schema: items, value: one, entry: true }]);
  }
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
  const known = Object.entries(properties).map(
    ([name, child]) => [name, { schema: child, value: fields[name], entry: false }] as const,
  );
  const free = additionalProperties === undefined ? [] : Object.entries(fields);
  return [
    ...known,
    ...free.map(([name, one]) => [name, { schema: additionalProperties ?? {}, value: one, entry: false }] as const),
  ];
}

function fieldSites({ schema, value, entry }: Child, keys: readonly Key[]): Site[] {
  if (value === undefined) return [{ keys, kind: 'Add', replacement: valueOf(schema) }];
  const removal: Site = { keys, kind: 'Delete', replacement: fc.constant(undefined) };
  return [...(entry ? [] : [removal]), ...sitesOf({ schema, value }, keys)];
}

/** Changes of this value itself. */
function sitesAt(schema: StructuralSchema, value: unknown, keys: readonly Key[]): Site[] {
  const put = (kind: MutationKind, replacement: fc.Arbitrary<unknown>): Site => ({ keys, kind, replacement });
  if (Array.isArray(value)) {
    const entries = value as readonly unknown[];
    return [
      put(
        'Push',
        valueOf(schema.items ?? {}).map((entry) => [...entries, entry]),
      ),
      ...(entries.length > 0 ? [put('Pop', fc.constant(entries.slice(0, -1)))] : []),
      ...(entries.length > 1 ? [put('Empty', fc.constant([]))] : []),
    ];
  }
  if (typeof value === 'object' && value !== null) {
    return Object.keys(value).length > 0 && keys.length > 0 ? [put('Empty', fc.constant({}))] : [];
  }
  if (typeof value === 'boolean') return [put('Toggle', fc.constant(!value))];
  if (schema.enum !== undefined) {
    return schema.enum.filter((other) => other !== value).map((other) => put('Choose', fc.constant(other)));
  }
  const other = put(
    'Change',
    valueOf(schema).filter((drawn) => drawn !== value),
  );
  if (typeof value !== 'number') return [other];
  return [put('Increase', fc.constant(value + 1)), put('Decrease', fc.constant(value - 1)), other];
}

/** Values that fit a schema by itself: its type, range, pattern and choice, and the fields that it asks for. */
export function valueOf(schema: StructuralSchema): fc.Arbitrary<unknown> {
  if (schema['x-kubernetes-int-or-string'] === true) {
    return fc.oneof(
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 1, max: 64 }).map((n) => `${n * 100}m`),
    );
  }
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 100, 2147483647) });
    case 'array':
      return fc.array(valueOf(schema.items ?? {}), { minLength: Math.max(1, schema.minItems ?? 0), maxLength: 2 });
    case 'object':
      return objectOf(schema);
    default:
      return textOf(schema);
  }
}

function objectOf({ properties = {}, required = [], additionalProperties }: StructuralSchema): fc.Arbitrary<unknown> {
  if (additionalProperties !== undefined) {
    // Each good for some maps: resources of containers, labels, or neither.
    const keys = fc.constantFrom('cpu', 'hugepages-2Mi', 'example.com/key', 'pool', 'two/slashes/here');
    return fc.dictionary(keys, valueOf(additionalProperties), { minKeys: 1, maxKeys: 2 });
  }
  const fields = Object.entries(properties).filter(([name]) => required.includes(name));
  return fc.record(Object.fromEntries(fields.map(([name, child]) => [name, valueOf(child)])));
}

/** By pattern: what is made of one takes long to make. */
const matching = new Map<string, fc.Arbitrary<string>>();

/** Short texts, printable so that a failure can be read. */
function textOf({ pattern = '^[a-z]+$', maxLength = 64 }: StructuralSchema): fc.Arbitrary<string> {
  const longest = Math.min(maxLength, 64);
  const any = matching.get(pattern) ?? fc.stringMatching(new RegExp(pattern), { size: 'small' });
  matching.set(pattern, any);
  return any.filter((text) => text.length > 0 && text.length <= longest && /^[\x20-\x7e]*$/.test(text));
}

function pathOf(prefix: string, keys: readonly Key[]): string {
  return keys.reduce<string>((path, key) => (typeof key === 'number' ? `${path}[${key}]` : `${path}.${key}`), prefix);
}

/** A copy that shares what does not change. */
function withValueAt(root: unknown, [key, ...rest]: readonly Key[], put: unknown): unknown {
  if (key === undefined) return put;
  if (Array.isArray(root)) {
    return root.map((entry: unknown, index) => (index === key ? withValueAt(entry, rest, put) : entry));
  }
  const fields = { ...(root as Readonly<Record<string, unknown>> | undefined) };
  const changed = withValueAt(fields[key], rest, put);
  if (changed === undefined) Reflect.deleteProperty(fields, key);
  else fields[key] = changed;
  return fields;
}
