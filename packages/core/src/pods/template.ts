import { withoutFields } from '@distillation/api/fields';
import type { ClusterSpec } from '@distillation/api/job';
import type { Role } from '@distillation/api/words';

/** What a user may set for the pods. */
export type PodTemplate = NonNullable<ClusterSpec['workerTemplate']>;

/**
 * The effective template of a role's pods: the workers'; for the finalizer its own, with the workers' for each field that it leaves out.
 * The operator's defaults stand for what neither says; they do not enter a revision. Empty lists and maps, and false, are the same as absent ones and are dropped.
 */
export function templateOf(
  role: Role,
  { workerTemplate, finalizerTemplate }: ClusterSpec,
  defaults: PodTemplate = {},
): PodTemplate {
  const template = { ...defaults, ...workerTemplate, ...(role === 'finalizer' && finalizerTemplate) };
  return Object.fromEntries(
    Object.entries(withoutFields(template, isFalse) as PodTemplate).filter(([, value]) => !isEmpty(value)),
  );
}

/** A stored pod does not have fields that are false either. */
const isFalse = (field: unknown): boolean => field === false || field === undefined;

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
