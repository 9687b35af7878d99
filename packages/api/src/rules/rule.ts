import type { DistillationJobSpec } from '../job.ts';

/**
 * Where a manifest is to run. On a cluster the API server checks it. Local mode has one volume, whatever claims `spec.cluster`
 * names, and requires none. Code that runs a manifest that has already been checked need not know.
 */
export type Place = 'Local' | 'Cluster';

/**
 * What the schema cannot express: rules between fields of a spec whose defaults are filled in. Each is written twice, side by side:
 * as a TypeScript predicate for local checks, and as CEL for the API server (`self` is the spec). One corpus of manifests
 * (`packages/api/test/corpus`) keeps the two consistent.
 */
export interface Rule {
  /** The field that the user should look at, such as `selection.minAccuracy`. */
  readonly field: string;
  /** What is wrong, as a clause that follows the field's path. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
  /** The only place where the rule applies; when absent, it applies everywhere. */
  readonly place?: Place;
  /** Absent with `place: 'Local'`. */
  readonly cel?: string;
  readonly holds: (spec: DistillationJobSpec) => boolean;
}
