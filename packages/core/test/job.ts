import type { BinSchedule } from '@distillation/api/plan';
import type { PlanSummary } from '@distillation/api/termination';
import { roundRobin } from '../src/scheduling/round-robin.ts';
import { NEVER_STARTED, type ProcessState, type JobState } from '../src/job/state.ts';

/** Shared by the tests of the state machine: a small plan, its schedule, and job states made of them. */

/** Blocks `a`, `b`, ... of equal cost. */
export const planOf = (
  names: readonly string[],
  epochs = 2,
): Pick<PlanSummary, 'blocks' | 'epochs' | 'costUnit' | 'samples' | 'teacher'> => ({
  blocks: names.map((name) => ({ name, cost: { prefix: 10, own: 10 } })),
  epochs,
  costUnit: 'MAC',
  samples: { train: 100, validation: 10, test: 20 },
  teacher: { sha256: 'T', params: 1000, macs: 1000 },
});

/** Puts block i into bin i modulo the number of bins. */
export function scheduleOf(names: readonly string[], scheduling: JobState['scheduling']): BinSchedule {
  const { policy, passes } = scheduling;
  const bins = roundRobin(names, scheduling.bins).map((blocks, index) => ({ index, blocks, cost: 20 * blocks.length }));
  return { version: 1, policy, passes, bins, makespan: Math.max(...bins.map((bin) => bin.cost)), lowerBound: 20 };
}

export const running = (ended = 0): ProcessState => ({ state: 'Running', ended });
export const exited = (exitCode: number, ended = 1): ProcessState => ({ state: 'Exited', ended, exitCode });

/** The state of a new job, with changes. */
export function jobStateOf(changes: Partial<JobState> = {}): JobState {
  return {
    suspend: false,
    backoffLimit: 3,
    scheduling: { policy: 'WorkStealing', bins: 2, passes: 'Fused' },
    planner: NEVER_STARTED,
    blocks: [],
    workers: new Map(),
    finalizer: NEVER_STARTED,
    ...changes,
  };
}
