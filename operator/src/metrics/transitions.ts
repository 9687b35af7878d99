import type { DistillationJobStatus } from '@distillation/api/job';
import { LABEL } from '@distillation/api/labels';
import { recordedPlan, recordedSchedule } from '../observe/observe.ts';
import { endOf } from '../observe/pod-status.ts';
import type { Snapshot } from '../objects/snapshot.ts';
import type { GpuOutcome, Metrics } from './metrics.ts';

/** What one status update adds to counters and histograms. */
interface Transitions {
  /** Seconds of each block that became done; a block whose time no pod reported is left out. */
  readonly blockSeconds: readonly number[];
  readonly gpuSeconds: Readonly<Record<GpuOutcome, number>>;
  /** Set by the update with which the last block was finished. */
  readonly makespan?: { readonly planned?: number; readonly actual?: number };
  readonly finished?: 'succeeded' | 'failed';
}

/**
 * Compares the previous status with the one just written. Since the status itself holds what was counted, a restarted operator counts
 * nothing twice.
 */
export function transitionsOf(snapshot: Snapshot, after: DistillationJobStatus): Transitions {
  const before = snapshot.job.status;
  const finished = becameFinished(before, after);
  const makespan = holds(after, 'BlocksTrained') && !holds(before, 'BlocksTrained') ? makespanOf(snapshot) : undefined;
  return {
    blockSeconds: secondsOf(newlyDone(before, after), snapshot),
    gpuSeconds: grownBy(before?.gpuSeconds, after.gpuSeconds),
    ...(makespan === undefined ? {} : { makespan }),
    ...(finished === undefined ? {} : { finished }),
  };
}

/** Adds the transitions to the metrics. */
export function record(metrics: Metrics, transitions: Transitions): void {
  for (const seconds of transitions.blockSeconds) metrics.blockSeconds.observe(seconds);
  for (const [outcome, seconds] of Object.entries(transitions.gpuSeconds)) metrics.gpuSeconds.inc({ outcome }, seconds);
  const { makespan, finished } = transitions;
  if (makespan?.planned !== undefined) metrics.plannedMakespan.observe(makespan.planned);
  if (makespan?.actual !== undefined) metrics.actualMakespan.observe(makespan.actual);
  if (finished !== undefined) metrics.finishedJobs.inc({ outcome: finished });
}

type Status = DistillationJobStatus | undefined;

const conditionOf = (status: Status, type: string) => status?.conditions?.find((condition) => condition.type === type);
const holds = (status: Status, type: string): boolean => conditionOf(status, type)?.status === 'True';

function becameFinished(before: Status, after: Status): Transitions['finished'] {
  const now = conditionOf(after, 'Succeeded')?.status;
  if (now === conditionOf(before, 'Succeeded')?.status) return undefined;
  return now === 'True' ? 'succeeded' : now === 'False' ? 'failed' : undefined;
}

function newlyDone(before: Status, after: Status): string[] {
  const known = new Set(before?.blocks?.filter(({ state }) => state === 'Done').map(({ name }) => name));
  return (after?.blocks ?? [])
    .filter(({ name, state }) => state === 'Done' && !known.has(name))
    .map(({ name }) => name);
}

/** The increase of each count; a count that has fallen, because its job was restarted, adds nothing. */
function grownBy(
  before: NonNullable<Status>['gpuSeconds'],
  after: NonNullable<Status>['gpuSeconds'],
): Transitions['gpuSeconds'] {
  const growth = (outcome: GpuOutcome): number => {
    const now = after?.[outcome] ?? 0;
    const then = before?.[outcome] ?? 0;
    return Math.max(0, now - then);
  };
  return { useful: growth('useful'), redone: growth('redone'), idle: growth('idle') };
}

function secondsOf(blocks: readonly string[], snapshot: Snapshot): number[] {
  if (blocks.length === 0) return [];
  const told = toldSeconds(snapshot);
  return blocks.flatMap((name) => told.get(name) ?? []);
}

/**
 * Worker time of each finished block as reported by a live pod or else in a termination message. All are read once: in a large job each
 * of hundreds of pods may report hundreds of blocks.
 */
function toldSeconds({ live, pods }: Snapshot): ReadonlyMap<string, number> {
  const words = pods.map((pod) => endOf(pod)?.termination);
  const told = [live?.blocks ?? [], ...words.map((said) => (said?.type === 'NothingLeft' ? said.blocks : []))];
  const seconds = new Map<string, number>();
  for (const block of told.flat()) {
    if (block.state === 'Done' && block.seconds !== undefined && !seconds.has(block.name)) {
      seconds.set(block.name, block.seconds);
    }
  }
  return seconds;
}

/** Planned, if the plan's costs are times; actual, if a single Job did all of it without being suspended. */
function makespanOf({ jobs, configMaps, now }: Snapshot): Transitions['makespan'] {
  const ofWorkers = (object: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } }): boolean =>
    object.metadata?.labels?.[LABEL.role] === 'worker';
  const [map, ...otherMaps] = configMaps.filter(ofWorkers);
  const [job, ...otherJobs] = jobs.filter(ofWorkers);
  if (otherMaps.length > 0 || otherJobs.length > 0) return {};
  const plan = recordedPlan(map);
  const schedule = recordedSchedule(map);
  const paused = job?.status?.conditions?.some(({ type }) => type === 'Suspended') ?? false;
  const start = job?.status?.startTime;
  return {
    ...(plan?.costUnit === 'Second' && schedule !== undefined ? { planned: schedule.makespan } : {}),
    ...(start === undefined || paused ? {} : { actual: Math.max(0, (now.getTime() - Date.parse(start)) / 1000) }),
  };
}
