import type { ClusterSpec } from '@distillation/api/job';
import type { Role } from './labels.ts';

/** What a user may set of the pods. */
export type PodTemplate = NonNullable<ClusterSpec['workerTemplate']>;

/**
 * The template in force for a role's pods: the workers', and for the finalizer its own with the workers' for each field it leaves out.
 * A list or map that is empty says no more than one that is absent, and is left out.
 */
export function templateOf(role: Role, { workerTemplate, finalizerTemplate }: ClusterSpec): PodTemplate {
  const template = role === 'finalizer' ? { ...workerTemplate, ...finalizerTemplate } : (workerTemplate ?? {});
  return Object.fromEntries(Object.entries(template).filter(([, value]) => !isEmpty(value)));
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
