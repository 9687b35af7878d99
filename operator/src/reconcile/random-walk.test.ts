import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionsOf } from '../status/conditions.ts';
import { CONDITION_REASONS } from '../status/reasons.ts';
import { type Decision, decide } from '@distillation/core/decide';
import { planOf, scheduleOf, worldOf } from '../../../packages/core/test/job.ts';
import {
  type Action,
  type BlockStanding,
  NEVER_STARTED,
  type ProcessState,
  type World,
} from '@distillation/core/state';

/**
 * The state machine against a world in which processes live, work and die at random. Each event is one number; what it does depends on
 * the state of the world. Retries are limited, so every walk ends.
 */

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const EPOCHS = 2;
const scheduling = fc.record({
  policy: fc.constantFrom('RoundRobin' as const, 'BinPacking' as const, 'WorkStealing' as const),
  bins: fc.integer({ min: 1, max: 7 }),
  passes: fc.constantFrom('Fused' as const, 'Independent' as const),
});
/** How a process ends when it does; mostly by itself and well, sometimes not. */
const exitCode = fc.constantFrom(0, 0, 0, 70, 75, 137, 143, 1);

interface Step {
  readonly pick: number;
  readonly code: number;
  readonly event: 'Work' | 'Die' | 'Preempt' | 'Suspend';
}
const step: fc.Arbitrary<Step> = fc.record({
  pick: fc.nat(),
  code: exitCode,
  event: fc.constantFrom('Work', 'Work', 'Work', 'Work', 'Die', 'Preempt', 'Suspend'),
});

type Key = 'planner' | 'finalizer' | number;

const processOf = (world: World, key: Key): ProcessState =>
  typeof key === 'number' ? (world.workers.get(key) ?? NEVER_STARTED) : world[key];

const withProcess = (world: World, key: Key, state: ProcessState): World =>
  typeof key === 'number' ? { ...world, workers: new Map(world.workers).set(key, state) } : { ...world, [key]: state };

const runningKeys = (world: World): Key[] =>
  (['planner', 'finalizer', ...world.workers.keys()] as const).filter(
    (key) => processOf(world, key).state === 'Running',
  );

const isFinished = (world: World, name: string): boolean =>
  world.blocks.some((block) => block.name === name && (block.state === 'Done' || block.state === 'Failed'));

/** Blocks that this worker may train: its own, and with stealing those of anyone. */
function workFor(world: World, bin: number): string[] {
  const bins = world.schedule?.bins ?? [];
  const own = bins.find(({ index }) => index === bin)?.blocks ?? [];
  const reachable = world.schedule?.policy === 'WorkStealing' ? bins.flatMap(({ blocks }) => blocks) : own;
  return reachable.filter((name) => !isFinished(world, name));
}

function perform(world: World, action: Action): World {
  const begin = (key: Key): World => {
    const process = processOf(world, key);
    expect(process.state).not.toBe('Running');
    expect(process.ended).toBeLessThanOrEqual(world.backoffLimit);
    return withProcess(world, key, { state: 'Running', ended: process.ended });
  };
  switch (action.type) {
    case 'StartPlanner':
      expect(world.plan).toBeUndefined();
      return begin('planner');
    case 'StartWorker':
      // A worker without anything to train would be held for nothing.
      expect(workFor(world, action.bin)).not.toEqual([]);
      return begin(action.bin);
    case 'StartFinalizer':
      expect(NAMES.every((name) => isFinished(world, name))).toBe(true);
      return begin('finalizer');
    case 'StopAll':
      return runningKeys(world).reduce(
        (next, key) => withProcess(next, key, { state: 'Idle', ended: processOf(next, key).ended }),
        world,
      );
  }
}

/** A running process does a piece of its work, and ends well when it has none left. */
function work(world: World, key: Key, pick: number): World {
  const end = (next: World): World =>
    withProcess(next, key, { state: 'Exited', ended: processOf(next, key).ended + 1, exitCode: 0 });
  if (key === 'planner') return end({ ...world, plan: planOf(NAMES, EPOCHS) });
  if (key === 'finalizer') return end({ ...world, result: { outcome: 'StudentBuilt' } });
  const names = workFor(world, key);
  const name = names[pick % Math.max(1, names.length)];
  if (name === undefined) return end(world);
  const block = world.blocks.find((other) => other.name === name) ?? { name, epoch: 0 };
  const epoch = block.epoch + 1;
  const state = pick % 11 === 0 ? 'Failed' : epoch === EPOCHS ? 'Done' : 'Training';
  const advanced: BlockStanding = { name, epoch, state };
  return { ...world, blocks: [...world.blocks.filter((other) => other.name !== name), advanced] };
}

function happen(world: World, { event, pick, code }: Step): World {
  if (event === 'Suspend') return { ...world, suspend: !world.suspend };
  const keys = runningKeys(world);
  const key = keys[pick % Math.max(1, keys.length)];
  if (key === undefined) return world.suspend ? { ...world, suspend: false } : world;
  const { ended } = processOf(world, key);
  if (event === 'Preempt') return withProcess(world, key, { state: 'Idle', ended });
  if (event === 'Die') return withProcess(world, key, { state: 'Exited', ended: ended + 1, exitCode: code });
  return work(world, key, pick);
}

/** Carries a decision out: the schedule is written before a worker starts. */
function act(world: World, { actions, schedule }: Decision): World {
  const starts = actions.some(({ type }) => type === 'StartWorker');
  return actions.reduce(perform, starts && schedule !== undefined ? { ...world, schedule } : world);
}

/** Decides and acts until nothing is to be done. */
function settle(world: World): World {
  const decision = decide(world);
  expect(decide(world)).toEqual(decision);
  const next = act(world, decision);
  // Having acted, the same things are not to be done once more; another stage may begin at once.
  const again = decide(next);
  for (const action of decision.actions) expect(again.actions).not.toContainEqual(action);
  return again.actions.length === 0 ? next : settle(next);
}

/** A world that is not over always has something running, unless it is suspended. */
function expectAlive(world: World): void {
  const { stage } = decide(world);
  if (stage === 'Suspended' || stage === 'Failed' || stage === 'Succeeded') expect(runningKeys(world)).toEqual([]);
  else expect(runningKeys(world)).not.toEqual([]);
}

describe('a job', () => {
  it('always comes to an end, never stands still, never does anything twice', () => {
    const ends = new Map<string, number>();
    fc.assert(
      fc.property(
        scheduling,
        fc.integer({ min: 0, max: 4 }),
        fc.array(step, { maxLength: 60 }),
        (spec, limit, steps) => {
          let world = settle(worldOf({ scheduling: spec, backoffLimit: limit }));
          expectAlive(world);
          const walked = (next: Step): boolean => {
            const before = decide(world).stage;
            world = settle(happen(world, next));
            expectAlive(world);
            // Nothing leads back from an end.
            if (before === 'Failed' || before === 'Succeeded') expect(decide(world).stage).toBe(before);
            return before !== 'Failed' && before !== 'Succeeded';
          };
          for (const next of steps) walked(next);
          // Left alone, it gets there in as many steps as there is work, runs and resumptions.
          let left = 0;
          while (walked({ event: 'Work', pick: left, code: 0 })) expect(left++).toBeLessThan(60);
          const { stage } = decide(world);
          ends.set(stage, (ends.get(stage) ?? 0) + 1);
          const conditions = conditionsOf(world, decide(world));
          expect(conditions.find(({ type }) => type === 'Succeeded')?.status).toBe(
            stage === 'Succeeded' ? 'True' : 'False',
          );
          expect(conditions.filter(({ type, reason }) => !CONDITION_REASONS[type].includes(reason))).toEqual([]);
          expect(conditions.filter(({ message }) => message === '')).toEqual([]);
        },
      ),
      { seed: 4, numRuns: 250 },
    );
    expect(Math.min(ends.get('Succeeded') ?? 0, ends.get('Failed') ?? 0)).toBeGreaterThan(12);
  });

  it('survives a process that decides from an old world: the same decision twice starts nothing twice', () => {
    const fresh = worldOf({ plan: planOf(NAMES), schedule: scheduleOf(NAMES, worldOf().scheduling) });
    const [first, second] = [decide(fresh), decide(fresh)];
    expect(second).toEqual(first);
    const acted = act(fresh, first);
    expect(decide(acted).actions).toEqual([]);
  });
});
