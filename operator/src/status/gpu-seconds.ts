import type { DistillationJobStatus } from '@distillation/api/job';
import type { WorkerSeconds } from '@distillation/api/progress';
import { hasEnded, isRunning, ranSeconds } from '../observe/pod-status.ts';
import type { WirePod } from '@distillation/kube/wire';
import { timestamp } from '@distillation/kube/time';

export type GpuSeconds = NonNullable<DistillationJobStatus['gpuSeconds']>;

export interface GpuSecondsInput {
  /** A worker pod's. */
  readonly gpus: number;
  /** Every worker pod that is still there, also of a Job that is gone and of an earlier spec. */
  readonly pods: readonly WirePod[];
  /** Of these, the ones of the job's present Jobs. */
  readonly current: readonly WirePod[];
  /** By the pods' own account, of the job as a whole. */
  readonly seconds?: WorkerSeconds;
  /** What was counted of the same plan. */
  readonly before?: GpuSeconds;
  readonly now: Date;
}

/**
 * What became of the GPU-seconds that worker pods held. Pods are deleted when a job is suspended, rescheduled or somebody deletes a Job, and
 * with them the record of how long they ran. So what was counted is kept with the time of the count, and each count adds what the pods
 * that are there have run since: once, whoever counts and however often, in whole seconds as the pods' times are. `held` never falls.
 *
 * An epoch under way is neither useful nor idle yet, so what was idle is told while no worker runs. Undefined for a job without GPUs or
 * before any ran.
 */
export function gpuSecondsOf({ gpus, pods, current, seconds, before, now }: GpuSecondsInput): GpuSeconds | undefined {
  if (gpus === 0) return before;
  const since = countedUntil(before) ?? secondsOf(now);
  const until = Math.max(since, secondsOf(now));
  const { useful, redone } = spent(gpus, seconds, before);
  const held = Math.max(
    heldBefore(before) + gpus * sum(pods.map((pod) => ranSeconds(pod, since, until))),
    // Of a pod that was not yet seen to run at the last count.
    gpus * sum(current.map((pod) => ranSeconds(pod, -Infinity, until))),
    useful + redone,
  );
  if (held === 0) return before;
  const rest = held - useful - redone;
  const idle = pods.some(isRunning) ? before?.idle && Math.min(before.idle, rest) : rest;
  return { held, countTime: timestamp(new Date(1000 * until)), useful, redone, ...(idle !== undefined && { idle }) };
}

/**
 * Whether to count though nothing else is to be written: a pod that has ended, or was told to, may be gone at the next look with what it
 * ran since the last count; and when the last one has gone, it is known what was idle.
 */
export function isCountDue({ pods, before, now }: Pick<GpuSecondsInput, 'pods' | 'before' | 'now'>): boolean {
  const since = countedUntil(before) ?? -Infinity;
  const isLeaving = (pod: WirePod): boolean => hasEnded(pod) || pod.metadata?.deletionTimestamp !== undefined;
  if (pods.some((pod) => isLeaving(pod) && ranSeconds(pod, since, secondsOf(now)) > 0)) return true;
  if (before === undefined || pods.some(isRunning)) return false;
  return before.idle !== heldBefore(before) - before.useful - before.redone;
}

/** As the workers tell it; what was told before, when that was of more. An epoch may come to be of an attempt that was given up. */
function spent(gpus: number, seconds: WorkerSeconds | undefined, before: GpuSeconds | undefined) {
  const { useful = 0, redone = 0 } = before ?? {};
  const told = { useful: Math.round(gpus * (seconds?.useful ?? 0)), redone: Math.round(gpus * (seconds?.redone ?? 0)) };
  return told.useful + told.redone >= useful + redone ? told : { useful, redone };
}

/** A status that an earlier operator wrote has no sum. */
const heldBefore = (before: GpuSeconds | undefined): number =>
  before === undefined ? 0 : (before.held ?? before.useful + before.redone + (before.idle ?? 0));

const countedUntil = (before: GpuSeconds | undefined): number | undefined =>
  before?.countTime === undefined ? undefined : Date.parse(before.countTime) / 1000;

const secondsOf = (now: Date): number => Math.floor(now.getTime() / 1000);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
