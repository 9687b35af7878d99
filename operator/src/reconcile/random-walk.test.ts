import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionsOf } from '../status/conditions.ts';
import { CONDITION_REASONS } from '../status/reasons.ts';
import { type Decision, decide } from '@distillation/core/decide';
import { planOf, scheduleOf, jobStateOf } from '../../../packages/core/test/job.ts';
import {
  type Action,
  type BlockStatus,
  NEVER_STARTED,
  type ProcessState,
  type JobState,
} from '@distillation/core/state';

/**
 * The state machine with processes that start, work and die at random. Each event is a number whose effect depends on the observed state.
 * Retries are limited, so every walk ends.
 */

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const EPOCHS = 2;
const scheduling = fc.record({
  policy: fc.constantFrom('RoundRobin' as const, 'BinPacking' as const, 'WorkStealing' as const),
  bins: fc.integer({ min: 1, max: 7 }),
  passes: fc.constantFrom('Fused' as const, 'Independent' as const),
});
/** Exit codes of processes, mostly success. */
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

const processOf = (jobState: JobState, key: Key): ProcessState =>
  typeof key === 'number' ? (jobState.workers.get(key) ?? NEVER_STARTED) : jobState[key];

const withProcess = (jobState: JobState, key: Key, state: ProcessState): JobState =>
  typeof key === 'number'
    ? { ...jobState, workers: new Map(jobState.workers).set(key, state) }
    : { ...jobState, [key]: state };

const runningKeys = (jobState: JobState): Key[] =>
  (['planner', 'finalizer', ...jobState.workers.keys()] as const).filter(
    (key) => processOf(jobState, key).state === 'Running',
  );

const isFinished = (jobState: JobState, name: string): boolean =>
  jobState.blocks.some((block) => block.name === name && (block.state === 'Done' || block.state === 'Failed'));

/** Blocks that this worker may train: its own, and with work stealing those of any bin. */
function workFor(jobState: JobState, bin: number): string[] {
  const bins = jobState.schedule?.bins ?? [];
  const own = bins.find(({ index }) => index === bin)?.blocks ?? [];
  const reachable = jobState.schedule?.policy === 'WorkStealing' ? bins.flatMap(({ blocks }) => blocks) : own;
  return reachable.filter((name) => !isFinished(jobState, name));
}

function perform(jobState: JobState, action: Action): JobState {
  const begin = (key: Key): JobState => {
    const process = processOf(jobState, key);
    expect(process.state).not.toBe('Running');
    expect(process.ended).toBeLessThanOrEqual(jobState.backoffLimit);
    return withProcess(jobState, key, { state: 'Running', ended: process.ended });
  };
  switch (action.type) {
    case 'StartPlanner':
      expect(jobState.plan).toBeUndefined();
      return begin('planner');
    case 'StartWorker':
      // A worker without anything to train would hold its GPU for nothing.
      expect(workFor(jobState, action.bin)).not.toEqual([]);
      return begin(action.bin);
    case 'StartFinalizer':
      expect(NAMES.every((name) => isFinished(jobState, name))).toBe(true);
      return begin('finalizer');
    case 'StopAll':
      return runningKeys(jobState).reduce(
        (next, key) => withProcess(next, key, { state: 'Idle', ended: processOf(next, key).ended }),
        jobState,
      );
  }
}

/** A running process does a part of its work, and exits with success when it has none left. */
function work(jobState: JobState, key: Key, pick: number): JobState {
  const end = (next: JobState): JobState =>
    withProcess(next, key, { state: 'Exited', ended: processOf(next, key).ended + 1, exitCode: 0 });
  if (key === 'planner') return end({ ...jobState, plan: planOf(NAMES, EPOCHS) });
  if (key === 'finalizer') return end({ ...jobState, result: { outcome: 'StudentBuilt' } });
  const names = workFor(jobState, key);
  const name = names[pick % Math.max(1, names.length)];
  if (name === undefined) return end(jobState);
  const block = jobState.blocks.find((other) => other.name === name) ?? { name, epoch: 0 };
  const epoch = block.epoch + 1;
  const state = pick % 11 === 0 ? 'Failed' : epoch === EPOCHS ? 'Done' : 'Training';
  const advanced: BlockStatus = { name, epoch, state };
  return { ...jobState, blocks: [...jobState.blocks.filter((other) => other.name !== name), advanced] };
}

function happen(jobState: JobState, { event, pick, code }: Step): JobState {
  if (event === 'Suspend') return { ...jobState, suspend: !jobState.suspend };
  const keys = runningKeys(jobState);
  const key = keys[pick % Math.max(1, keys.length)];
  if (key === undefined) return jobState.suspend ? { ...jobState, suspend: false } : jobState;
  const { ended } = processOf(jobState, key);
  if (event === 'Preempt') return withProcess(jobState, key, { state: 'Idle', ended });
  if (event === 'Die') return withProcess(jobState, key, { state: 'Exited', ended: ended + 1, exitCode: code });
  return work(jobState, key, pick);
}

/** Carries out a decision; the schedule is recorded before a worker starts. */
function act(jobState: JobState, { actions, schedule }: Decision): JobState {
  const starts = actions.some(({ type }) => type === 'StartWorker');
  return actions.reduce(perform, starts && schedule !== undefined ? { ...jobState, schedule } : jobState);
}

/** Decides and acts until there is nothing left to do. */
function settle(jobState: JobState): JobState {
  const decision = decide(jobState);
  expect(decide(jobState)).toEqual(decision);
  const next = act(jobState, decision);
  // The same actions must not be decided again; the next stage may begin at once.
  const again = decide(next);
  for (const action of decision.actions) expect(again.actions).not.toContainEqual(action);
  return again.actions.length === 0 ? next : settle(next);
}

/** An unfinished job always has something running, unless it is suspended. */
function expectAlive(jobState: JobState): void {
  const { stage } = decide(jobState);
  if (stage === 'Suspended' || stage === 'Failed' || stage === 'Succeeded') expect(runningKeys(jobState)).toEqual([]);
  else expect(runningKeys(jobState)).not.toEqual([]);
}

describe('a job', () => {
  it('always finishes, never gets stuck, never does anything twice', () => {
    const ends = new Map<string, number>();
    fc.assert(
      fc.property(
        scheduling,
        fc.integer({ min: 0, max: 4 }),
        fc.array(step, { maxLength: 60 }),
        (spec, limit, steps) => {
          let jobState = settle(jobStateOf({ scheduling: spec, backoffLimit: limit }));
          expectAlive(jobState);
          const walked = (next: Step): boolean => {
            const before = decide(jobState).stage;
            jobState = settle(happen(jobState, next));
            expectAlive(jobState);
            // Final stages are final.
            if (before === 'Failed' || before === 'Succeeded') expect(decide(jobState).stage).toBe(before);
            return before !== 'Failed' && before !== 'Succeeded';
          };
          for (const next of steps) walked(next);
          // Undisturbed, it finishes within as many steps as there are pieces of work, runs and resumptions.
          let left = 0;
          while (walked({ event: 'Work', pick: left, code: 0 })) expect(left++).toBeLessThan(60);
          const { stage } = decide(jobState);
          ends.set(stage, (ends.get(stage) ?? 0) + 1);
          const conditions = conditionsOf(jobState, decide(jobState));
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

  it('survives decisions from a stale state: the same decision twice starts nothing twice', () => {
    const fresh = jobStateOf({ plan: planOf(NAMES), schedule: scheduleOf(NAMES, jobStateOf().scheduling) });
    const [first, second] = [decide(fresh), decide(fresh)];
    expect(second).toEqual(first);
    const acted = act(fresh, first);
    expect(decide(acted).actions).toEqual([]);
  });
});
