import { readFileSync } from 'node:fs';
import { CONDITION_TYPES } from '@distillation/api/status';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';

/**
 * Checks the generated definition against the Kubernetes API conventions (sig-architecture/api-conventions.md), with the rules that
 * kube-api-linter applies to Go types. Each exception is named, with its reason.
 */

interface Node {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly nullable?: boolean;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

interface Definition {
  readonly spec: {
    readonly versions: readonly [
      {
        readonly subresources: object;
        readonly additionalPrinterColumns: readonly { readonly name: string; readonly jsonPath: string }[];
        readonly schema: { readonly openAPIV3Schema: Node };
      },
    ];
  };
}

const FILE = new URL('../crds/distillation.dev_distillationjobs.yaml', import.meta.url);
const [version] = (load(readFileSync(FILE, 'utf8')) as Definition).spec.versions;
const root = version.schema.openAPIV3Schema;

interface Field {
  /** `spec.blocks.include`, entries of lists as `[]`, values of maps as `{}`. */
  readonly path: string;
  readonly name: string;
  readonly node: Node;
}

function fieldsOf(node: Node, path: string): Field[] {
  return [
    ...Object.entries(node.properties ?? {}).map(([name, child]) => ({ path: `${path}.${name}`, name, child })),
    ...(node.items === undefined ? [] : [{ path: `${path}[]`, name: '', child: node.items }]),
    ...(node.additionalProperties === undefined
      ? []
      : [{ path: `${path}{}`, name: '', child: node.additionalProperties }]),
  ].flatMap(({ path: at, name, child }) => [{ path: at, name, node: child }, ...fieldsOf(child, at)]);
}

const FIELDS = (['spec', 'status'] as const).flatMap((part) => {
  const node = root.properties?.[part] ?? {};
  return [{ path: part, name: part, node }, ...fieldsOf(node, part)];
});

/** Paths of the fields that break a rule. */
const breaking = (rule: (field: Field) => boolean): string[] => FIELDS.filter(rule).map(({ path }) => path);
/** Paths other than the allowed ones. */
const otherThan = (paths: readonly string[]) => (path: string) =>
  !paths.some((allowed) => path === allowed || path.endsWith(`.${allowed}`));

describe('the custom resource definition follows the API conventions', () => {
  it('has found every field', () => {
    expect(FIELDS.length).toBeGreaterThan(300);
  });

  it('commentstart: every field has a sentence', () => {
    expect(breaking(({ node }) => !/^[\p{Lu}0-9`].*[.)]$/su.test(node.description ?? ''))).toEqual([]);
  });

  it('nofloats: no floating-point number', () => {
    expect(breaking(({ node }) => node.type === 'number' || /float|double/.test(node.format ?? ''))).toEqual([]);
  });

  it('integers: 32 or 64 bits, never unsigned', () => {
    expect(breaking(({ node }) => node.type === 'integer' && !/^int(32|64)$/.test(node.format ?? ''))).toEqual([]);
  });

  it('nobools: states are named, since a third one is often needed later', () => {
    // `suspend` is a boolean in Jobs, JobSets and Kueue too; a block is either in the student or not.
    const forbidden = otherThan(['spec.cluster.suspend', 'status.blocks[].selected']);
    // Fields of a pod spec, which are what they are there.
    const isPods = (path: string): boolean =>
      /^spec\.cluster\.(worker|finalizer)Template\..*(automountServiceAccountToken|optional|readOnly)$/.test(path);
    expect(breaking(({ node }) => node.type === 'boolean').filter((path) => forbidden(path) && !isPods(path))).toEqual(
      [],
    );
  });

  it('nodurations, notimestamp: durations are integers named ...Seconds, times are named ...Time', () => {
    const seconds = /(deadline|delay|duration|period|timeout|interval|^ttl)/i;
    expect(
      breaking(({ name, node }) => seconds.test(name) && !(node.type === 'integer' && name.includes('Seconds'))),
    ).toEqual([]);
    expect(breaking(({ node }) => node.format === 'duration')).toEqual([]);
    expect(breaking(({ name, node }) => node.format === 'date-time' && !name.endsWith('Time'))).toEqual([]);
    expect(breaking(({ name }) => /timestamp/i.test(name))).toEqual([]);
  });

  it('nomaps: lists of named objects, except for labels, annotations and quantities, which are maps everywhere', () => {
    const forbidden = otherThan([
      'labels',
      'annotations',
      'nodeSelector',
      'matchLabels',
      'resources.requests',
      'resources.limits',
    ]);
    expect(breaking(({ node }) => node.additionalProperties !== undefined).filter(forbidden)).toEqual([]);
  });

  it('maxlength: everything is bounded, so that objects fit into etcd and rules stay cheap', () => {
    const unbounded = ({ node }: Field): boolean =>
      (node.type === 'string' && node.enum === undefined && node.maxLength === undefined) ||
      (node.type === 'array' && node.maxItems === undefined) ||
      (node.additionalProperties !== undefined && node.maxProperties === undefined) ||
      (node['x-kubernetes-int-or-string'] === true && node.maxLength === undefined);
    expect(breaking(unbounded)).toEqual([]);
  });

  it('ssatags: every list says how it is merged, by keys that its entries require', () => {
    expect(breaking(({ node }) => node.type === 'array' && node['x-kubernetes-list-type'] === undefined)).toEqual([]);
    const keyless = ({ node }: Field): boolean =>
      node['x-kubernetes-list-type'] === 'map' &&
      !(node['x-kubernetes-list-map-keys'] ?? ['?']).every((key) => node.items?.required?.includes(key));
    expect(breaking(keyless)).toEqual([]);
    const maps = FIELDS.filter(({ node }) => node['x-kubernetes-list-type'] === 'map').map(({ path }) => path);
    expect(maps).toEqual(expect.arrayContaining(['status.conditions', 'status.bins', 'status.blocks']));
  });

  it('enums: CamelCase values', () => {
    expect(breaking(({ node }) => (node.enum ?? []).some((value) => !/^[A-Z][A-Za-z0-9]*$/.test(value)))).toEqual([]);
  });

  it('jsontags: camelCase names', () => {
    expect(breaking(({ name }) => name !== '' && !/^[a-z][a-zA-Z0-9]*$/.test(name))).toEqual([]);
  });

  it('states the form of a text as a rule with a message: for a pattern, the API server would only return the pattern', () => {
    // Only the operator writes the status.
    expect(breaking(({ path, node }) => path.startsWith('spec') && node.pattern !== undefined)).toEqual([]);
    expect(root.properties?.['metadata']?.properties?.['name']?.pattern).toBeUndefined();
  });

  it('nonullable, optionalorrequired: no field may be null, and none with a default is required', () => {
    expect(breaking(({ node }) => node.nullable === true)).toEqual([]);
    const contradictory = ({ node }: Field): boolean =>
      (node.required ?? []).some((name) => {
        const child = node.properties?.[name];
        return child === undefined || child.default !== undefined;
      });
    expect(breaking(contradictory)).toEqual([]);
  });

  it('has no defaults in entries of lists, which Argo CD would report as drift', () => {
    expect(breaking(({ path, node }) => path.includes('[]') && node.default !== undefined)).toEqual([]);
  });

  it('nophase: conditions instead of a phase', () => {
    expect(breaking(({ name }) => /phase/i.test(name))).toEqual([]);
  });

  it('statussubresource, statusoptional: the status is a subresource without required or defaulted fields', () => {
    expect(version.subresources).toEqual({ status: {} });
    expect(root.required).toEqual(['spec']);
    expect(root.properties?.['status']?.required).toBeUndefined();
    expect(breaking(({ path, node }) => path.startsWith('status') && node.default !== undefined)).toEqual([]);
  });

  it('conditions: the standard shape, first in the status after the generation', () => {
    const status = Object.keys(root.properties?.['status']?.properties ?? {});
    expect(status.slice(0, 2)).toEqual(['observedGeneration', 'conditions']);
    const condition = root.properties?.['status']?.properties?.['conditions'];
    expect(condition?.['x-kubernetes-list-map-keys']).toEqual(['type']);
    expect(condition?.items?.required?.toSorted()).toEqual(
      ['lastTransitionTime', 'message', 'reason', 'status', 'type'].toSorted(),
    );
    expect(Object.keys(condition?.items?.properties ?? {}).toSorted()).toEqual(
      ['lastTransitionTime', 'message', 'observedGeneration', 'reason', 'status', 'type'].toSorted(),
    );
    expect(condition?.items?.properties?.['type']?.enum).toEqual(CONDITION_TYPES);
  });

  it('preserves no unknown fields', () => {
    expect(breaking(({ node }) => node['x-kubernetes-preserve-unknown-fields'] === true)).toEqual([]);
  });

  it('shows columns of fields that exist', () => {
    const paths = new Set(FIELDS.map(({ path }) => `.${path}`));
    for (const { name, jsonPath } of version.additionalPrinterColumns) {
      if (jsonPath.startsWith('.metadata.')) continue;
      expect(paths, name).toContain(jsonPath.replace(/\[\?\([^)]*\)\]/, '[]'));
    }
  });
});
