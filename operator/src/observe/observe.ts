import { type BinSchedule, readScheduleBody } from '@distillation/api/plan';
import { valueOf } from '@distillation/api/reading';
import { planKey } from '@distillation/api/recipe';
import { type PlanSummary, readPlanSummary, type ResultSummary } from '@distillation/api/termination';
import { FILE } from '../objects/config-maps.ts';
import { type ChildJobs, type RoleChildJobs, childJobsOf } from './child-jobs.ts';
import { endOf } from './pod-status.ts';
import { type JobRules, singleProcess, workerProcesses } from './processes.ts';
import { type KnownBlocks, knownBlocksOf } from './known-blocks.ts';
import { recipeOf, resultFrom, type StatusResult, statusResult } from './result.ts';
import type { Snapshot } from '../objects/snapshot.ts';
import type { WireConfigMap } from '@distillation/kube/wire';
import type { JobState } from '@distillation/core/state';

/** The observed state of a job, derived from its API objects. */
export interface ObservedJob {
  /** Input of `decide`. */
  readonly jobState: JobState;
  readonly childJobs: ChildJobs;
  /** Of the current spec. */
  readonly plan?: PlanSummary;
  readonly knownBlocks: KnownBlocks;
  readonly result?: StatusResult;
  /** The full result, as long as the finalizer's pod with its termination message exists. */
  readonly resultSummary?: ResultSummary;
}

export function observe(snapshot: Snapshot, childJobs: ChildJobs = childJobsOf(snapshot)): ObservedJob {
  const { job, now } = snapshot;
  const { spec, status } = job;
  const { planner, worker, finalizer } = childJobs.roles;
  const rules: JobRules = {
    backoffLimit: spec.cluster.backoffLimit,
    now,
  };
  const plan = planFrom(planner, planKey(spec));
  const schedule = recordedSchedule(worker.configMap);
  const known = { childJobs, ...(schedule !== undefined && { schedule }) };
  const knownBlocks: KnownBlocks = plan === undefined ? { blocks: [] } : knownBlocksOf(snapshot, { plan, ...known });
  const recipe = plan && recipeOf(spec, plan);
  const resultSummary = recipe === undefined ? undefined : resultFrom(finalizer, recipe);
  const before = recipe !== undefined && status?.result?.recipe === recipe ? status.result : undefined;
  const result = resultSummary === undefined ? before : statusResult(resultSummary, spec);
  const jobState: JobState = {
    suspend: spec.cluster.suspend,
    backoffLimit: spec.cluster.backoffLimit,
    scheduling: spec.scheduling,
    planner: singleProcess(planner, rules),
    blocks: knownBlocks.blocks,
    workers: workerProcesses(worker, rules),
    finalizer: singleProcess(finalizer, rules),
    ...(plan !== undefined && { plan }),
    ...(schedule !== undefined && { schedule }),
    ...(result !== undefined && { result: { outcome: result.outcome } }),
  };
  return {
    jobState,
    childJobs,
    knownBlocks,
    ...(plan !== undefined && { plan }),
    ...(result !== undefined && { result }),
    ...(resultSummary !== undefined && { resultSummary }),
  };
}

/** The plan from the ConfigMap, else from the planner's termination message. A plan with another key belongs to another spec. */
function planFrom({ configMap, attempts }: RoleChildJobs, key: string): PlanSummary | undefined {
  const recorded = recordedPlan(configMap);
  if (recorded?.key === key) return recorded;
  return attempts
    .flatMap(({ pods }) => pods)
    .flatMap((pod) => {
      const termination = endOf(pod)?.termination;
      return termination?.type === 'Planned' && termination.plan.key === key ? termination.plan : [];
    })
    .at(-1);
}

/** The plan of a planner's ConfigMap. */
export const recordedPlan = (configMap: WireConfigMap | undefined): PlanSummary | undefined =>
  valueOf(readPlanSummary(parse(configMap, FILE.plan)));

/** The schedule of the workers' ConfigMap. */
export const recordedSchedule = (configMap: WireConfigMap | undefined): BinSchedule | undefined =>
  valueOf(readScheduleBody(parse(configMap, FILE.schedule)));

/** JSON that the operator wrote; undefined if it is missing. What was corrupted, or is of another version, counts as missing and is written again. */
function parse(configMap: WireConfigMap | undefined, file: string): unknown {
  try {
    return JSON.parse(configMap?.data?.[file] ?? '') as unknown;
  } catch {
    return undefined;
  }
}
