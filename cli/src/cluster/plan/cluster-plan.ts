import type { DistillationJobSpec } from '@distillation/api/job';
import type { BinSchedule, Plan } from '@distillation/api/plan';
import { scheduleBlocks } from '@distillation/core/schedule';
import { simulate } from '@distillation/core/simulate';
import { type Demand, demandsOf } from './demand.ts';
import { type NodeRoom, nodeRooms } from './nodes.ts';
import { type QuotaLine, quotaLines } from './quotas.ts';
import type { Surroundings } from './room.ts';

/** What a job would take of a cluster and whether there is room for it. Pure. */
export interface ClusterPlan {
  readonly plan: Plan;
  readonly schedule: BinSchedule;
  /** Absent while costs are counted and not timed. */
  readonly expected?: Expected;
  readonly demands: readonly Demand[];
  /** Absent where they may not be read. */
  readonly quotas?: readonly QuotaLine[];
  readonly nodes?: readonly NodeRoom[];
  /** How many pods of which role would wait at first, as far as is known. */
  readonly waiting: readonly { readonly role: Demand['role']; readonly pods: number; readonly of: number }[];
  readonly onOneNode: boolean;
  /** Whether what the operator gives pods is taken into account. */
  readonly knowsDefaults: boolean;
  /** The class that the job names and the operator does not have. */
  readonly unknownClass?: string;
}

/** Of the training alone, with all bins at work; the times are those that the plan's costs come from. */
export interface Expected {
  readonly trainingSeconds: number;
  /** Absent without GPUs. */
  readonly gpuHours?: number;
}

export function clusterPlan(spec: DistillationJobSpec, plan: Plan, seen: Surroundings): ClusterPlan {
  const schedule = scheduleBlocks(plan.blocks, plan.epochs, spec.scheduling);
  const demands = demandsOf(spec, schedule, seen.defaults ?? {});
  const { onOneNode, pods } = seen;
  const quotas = seen.quotas && quotaLines(seen.quotas, demands);
  const nodes = seen.nodes && nodeRooms({ nodes: seen.nodes, pods, onOneNode }, demands);
  const expected = expectedOf(spec, plan, schedule);
  return {
    plan,
    schedule,
    ...(expected !== undefined && { expected }),
    demands,
    ...(quotas !== undefined && { quotas }),
    ...(nodes !== undefined && { nodes }),
    waiting: demands.flatMap(({ role, pods: wanted }) => {
      const room = [...(quotas ?? []), ...(nodes ?? [])].filter((one) => one.role === role);
      const places = Math.min(wanted, ...room.map((one) => one.places ?? wanted));
      return places < wanted ? [{ role, pods: wanted - places, of: wanted }] : [];
    }),
    onOneNode,
    knowsDefaults: seen.defaults !== undefined,
    ...(seen.unknownClass !== undefined && { unknownClass: seen.unknownClass }),
  };
}

function expectedOf({ cluster }: DistillationJobSpec, plan: Plan, schedule: BinSchedule): Expected | undefined {
  if (plan.costUnit !== 'Second') return undefined;
  const { makespan, left } = simulate({ blocks: plan.blocks, epochs: plan.epochs, schedule });
  const held = left.reduce((sum, seconds) => sum + seconds, 0);
  const { count } = cluster.gpu;
  return { trainingSeconds: makespan, ...(count > 0 && { gpuHours: (held * count) / 3600 }) };
}
