import type { DistillationJobSpec } from '@distillation/api/job';
import { planKey } from '@distillation/api/recipe';
import type { PlanSummary } from '@distillation/api/termination';
import { verdictOf } from '@distillation/api/verdict';
import { recordedPlan } from '../observe/observe.ts';
import { recipeOf } from '../observe/result.ts';
import type { Snapshot } from '../objects/snapshot.ts';

/**
 * Whether a job is over, by its own record: the objects that a verdict was made from may be gone.
 *
 * `Reopened`: it had failed and its spec was changed since, which is how a user has it tried again. A job that succeeded stays so until
 * its spec asks for another student.
 */
export type JobPhase = 'Active' | 'Succeeded' | 'Failed' | 'Reopened';

export function phaseOf({ job, configMaps }: Snapshot): JobPhase {
  const verdict = verdictOf(job.status);
  if (verdict === undefined) return 'Active';
  const changed = (verdict.observedGeneration ?? 0) < job.metadata.generation;
  if (verdict.status === 'False') return changed ? 'Reopened' : 'Failed';
  if (!changed) return 'Succeeded';
  const plan = configMaps.map(recordedPlan).find((recorded) => recorded !== undefined && isOf(job.spec, recorded));
  return plan !== undefined && recipeOf(job.spec, plan) === job.status?.result?.recipe ? 'Succeeded' : 'Active';
}

/** Whether a plan tells teacher and data of this spec: its pods may have been made another way, and its costs are history. */
const isOf = (spec: DistillationJobSpec, { key, costSource }: PlanSummary): boolean =>
  key === planKey({ ...spec, scheduling: { ...spec.scheduling, costSource } });
