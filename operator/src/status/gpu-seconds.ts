import type { DistillationJobStatus } from '@distillation/api/job';
import type { WorkerSeconds } from '@distillation/api/progress';
import { hasEnded, isRunning, ranSeconds } from '../observe/pod-status.ts';
import type { WirePod } from '@distillation/kube/wire';
import { timestamp } from '@distillation/kube/time';

export type GpuSeconds = NonNullable<DistillationJobStatus['gpuSeconds']>;

export interface GpuSecondsInput {
  /** Number of GPUs of one worker pod. */
  readonly gpus: number;
  /** All worker pods that still exist, including those of deleted Jobs and of earlier revisions. */
  readonly pods: readonly WirePod[];
  /** Those of them that belong to Jobs of the current revision. */
  readonly current: readonly WirePod[];
  /** Worker time of the whole job, as the pods report it. */
  readonly seconds?: WorkerSeconds;
  /** The previous count for the same plan. */
  readonly before?: GpuSeconds;
  readonly now: Date;
}

/**
 * Accounts for the GPU-seconds that worker pods held. Pods are deleted when a job is suspended or rescheduled or somebody deletes a Job,
 * and the record of how long they ran goes with them. The status therefore keeps the count with its time, and each new count adds only
 * what the existing pods have run since then, in whole seconds like the pods' times, so that counting often or after a restart counts
 * nothing twice. `held` never decreases.
 *
 * A running epoch is neither useful nor idle yet, so `idle` is updated only while no worker runs. Undefined for a job without GPUs or
 * before any pod has run.
 */
export function gpuSecondsOf({ gpus, pods, current, seconds, before, now }: GpuSecondsInput): GpuSeconds | undefined {
  if (gpus === 0) return before;
  const since = countedUntil(before) ?? secondsOf(now);
  const until = Math.max(since, secondsOf(now));
  const { useful, redone } = spent(gpus, seconds, before);
  const held = Math.max(
    heldBefore(before) + gpus * sum(pods.map((pod) => ranSeconds(pod, since, until))),
    // For a pod that was already running but not yet observed at the last count.
    gpus * sum(current.map((pod) => ranSeconds(pod, -Infinity, until))),
    useful + redone,
  );
  if (held === 0) return before;
  const rest = held - useful - redone;
  const idle = pods.some(isRunning) ? before?.idle && Math.min(before.idle, rest) : rest;
  return { held, countTime: timestamp(new Date(1000 * until)), useful, redone, ...(idle !== undefined && { idle }) };
}

/**
 * Whether to count even if nothing else is to be written: a pod that has ended or is being deleted may be gone at the next reconcile, and
 * with it what it ran since the last count. Once the last pod is gone, the idle time is known.
 */
export function isCountDue({ pods, before, now }: Pick<GpuSecondsInput, 'pods' | 'before' | 'now'>): boolean {
  const since = countedUntil(before) ?? -Infinity;
  const isLeaving = (pod: WirePod): boolean => hasEnded(pod) || pod.metadata?.deletionTimestamp !== undefined;
  if (pods.some((pod) => isLeaving(pod) && ranSeconds(pod, since, secondsOf(now)) > 0)) return true;
  if (before === undefined || pods.some(isRunning)) return false;
  return before.idle !== heldBefore(before) - before.useful - before.redone;
}

/** As the workers report it, unless an earlier report covers more. An epoch may turn from useful to redone when its attempt is given up. */
function spent(gpus: number, seconds: WorkerSeconds | undefined, before: GpuSeconds | undefined) {
  const { useful = 0, redone = 0 } = before ?? {};
  const told = { useful: Math.round(gpus * (seconds?.useful ?? 0)), redone: Math.round(gpus * (seconds?.redone ?? 0)) };
  return told.useful + told.redone >= useful + redone ? told : { useful, redone };
}

/** A status written by an earlier version of the operator has no `held`. */
const heldBefore = (before: GpuSeconds | undefined): number =>
  before === undefined ? 0 : (before.held ?? before.useful + before.redone + (before.idle ?? 0));

const countedUntil = (before: GpuSeconds | undefined): number | undefined =>
  before?.countTime === undefined ? undefined : Date.parse(before.countTime) / 1000;

const secondsOf = (now: Date): number => Math.floor(now.getTime() / 1000);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
