import type { Place } from '../../src/rules/rule.ts';

/**
 * Valid and invalid manifests, one corpus for every checker: `validateJob` and a real API server must agree on each (the server
 * drops or refuses unknown fields according to the client's `fieldValidation`). Each case is a few changes to one minimal job.
 */

/** Dotted paths to new values; `undefined` removes the field. */
export type Changes = Readonly<Record<string, unknown>>;

export interface GoodManifest {
  readonly title: string;
  readonly set: Changes;
  /** The only place where it is valid (or invalid); when absent, everywhere. */
  readonly place?: Place;
}

export interface BadManifest extends GoodManifest {
  /** JSON pointer of the field that the error must name. */
  readonly path: string;
  /** What detects it: the schema, a list's keys, a rule between fields, or only a check for unknown fields. */
  readonly by: 'Schema' | 'Key' | 'Rule' | 'UnknownField';
}

const MINIMAL = {
  apiVersion: 'distillation.dev/v1alpha1',
  kind: 'DistillationJob',
  metadata: { name: 'sample' },
  spec: {
    teacher: { path: 'teacher/model.json' },
    dataset: { path: 'data/cifar-10', format: 'Cifar10' },
    outputs: { path: 'jobs/sample' },
    cluster: { volume: { claimName: 'shared' } },
  },
} as const;

/** The minimal job with changes, as a fresh plain object. */
export function manifestWith(set: Changes): object {
  const manifest = structuredClone(MINIMAL) as unknown as Record<string, unknown>;
  for (const [path, value] of Object.entries(set)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let node = manifest;
    for (const key of keys) node = (node[key] ??= {}) as Record<string, unknown>;
    if (value === undefined) Reflect.deleteProperty(node, last);
    else node[last] = value;
  }
  return manifest;
}

export const bad =
  (by: BadManifest['by'], place?: Place) =>
  (path: string, title: string, set: Changes): BadManifest => ({ by, path, title, set, ...(place && { place }) });
