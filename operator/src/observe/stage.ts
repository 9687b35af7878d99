import type { Stage } from '@distillation/core/decide';
import type { WirePod } from '@distillation/kube/wire';
import type { Role } from '@distillation/api/words';
import { activeAttempt, type JobAttempt } from './child-jobs.ts';
import type { ObservedJob } from './observe.ts';

/** The role that does the work of a stage; undefined for stages without work. */
export function roleOfStage(stage: Stage): Role | undefined {
  switch (stage) {
    case 'Planning':
      return 'planner';
    case 'Training':
      return 'worker';
    case 'Finalizing':
      return 'finalizer';
    case 'Suspended':
    case 'Succeeded':
    case 'Failed':
      return undefined;
  }
}

/** The active Job that does the stage's work. */
export function stageAttempt({ childJobs }: ObservedJob, stage: Stage): JobAttempt | undefined {
  const role = roleOfStage(stage);
  return role && activeAttempt(childJobs.roles[role]);
}

export const stagePods = (observed: ObservedJob, stage: Stage): readonly WirePod[] =>
  stageAttempt(observed, stage)?.pods ?? [];
