import type { DistillationJobSpec } from '@distillation/api/job';
import { planKey } from '@distillation/api/recipe';
import type { PlanSummary } from '@distillation/api/termination';
import { verdictOf } from '@distillation/api/verdict';
import { recordedPlan } from '../observe/observe.ts';
import { recipeOf } from '../observe/result.ts';
import type { Snapshot } from '../objects/snapshot.ts';

/**
 * Whether a job is finished, by its own status: the objects that the verdict was derived from may be gone.
 *
 * `Reopened`: it failed, and its spec has been changed since, which is how a user retries it. A job that succeeded stays so until its spec
 * asks for another student.
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

/** Whether a plan is for this spec's teacher and data. Its cost source does not matter: the costs are no longer needed. */
const isOf = (spec: DistillationJobSpec, { key, costSource }: PlanSummary): boolean =>
  key === planKey({ ...spec, scheduling: { ...spec.scheduling, costSource } });
