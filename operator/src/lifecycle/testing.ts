import type { BinSchedule, BlockPlan, Plan } from '@distillation/api/plan';
import { layerInfo } from '@distillation/api/testing';
import { roundRobin } from '../scheduling/round-robin.ts';
import { NEVER_STARTED, type ProcessState, type World } from './world.ts';

/** What the tests of the lifecycle share: a small plan, its schedule, and worlds made of them. */

/** Blocks `a`, `b`, ... of equal cost. */
export function planOf(names: readonly string[], epochs = 2): Pick<Plan, 'blocks' | 'epochs' | 'dataset'> {
  const blocks = names.map((name): BlockPlan => {
    const cost = { prefix: 10, own: 10 };
    return { name, architecture: 'TwoLayer', layer: layerInfo({ name }), params: 100, macs: 100, cost };
  });
  const imageShape = [8, 8, 3] as const;
  const dataset = { sha256: 'D', train: 100, validation: 1, test: 1, classes: 2, imageShape, labelled: true };
  return { blocks, epochs, dataset };
}

/** Block i in bin i modulo their number. */
export function scheduleOf(names: readonly string[], scheduling: World['scheduling']): BinSchedule {
  const { policy, passes } = scheduling;
  const bins = roundRobin(names, scheduling.bins).map((blocks, index) => ({ index, blocks, cost: 20 * blocks.length }));
  return { version: 1, policy, passes, bins, makespan: Math.max(...bins.map((bin) => bin.cost)), lowerBound: 20 };
}

export const running = (ended = 0): ProcessState => ({ state: 'Running', ended });
export const exited = (exitCode: number, ended = 1): ProcessState => ({ state: 'Exited', ended, exitCode });

/** A world in which nothing has happened. */
export function worldOf(changes: Partial<World> = {}): World {
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
