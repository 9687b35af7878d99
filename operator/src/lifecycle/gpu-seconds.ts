import type { DistillationJobStatus } from '@distillation/api/job';
import type { WorkerSeconds } from '@distillation/api/progress';
import { isRunning, ranMs } from './pod-state.ts';
import type { WirePod } from './snapshot.ts';

export type GpuSeconds = NonNullable<DistillationJobStatus['gpuSeconds']>;

export interface GpuSecondsInput {
  /** A worker pod's. */
  readonly gpus: number;
  /** Every worker pod that is still there. */
  readonly pods: readonly WirePod[];
  /** By the pods' own account, of the job as a whole. */
  readonly seconds?: WorkerSeconds;
  readonly before?: GpuSeconds;
  readonly now: Date;
}

/**
 * What became of the GPU-seconds that worker pods held. An epoch under way is neither useful nor idle yet, so what was idle is counted
 * while no worker runs. None of the counts ever falls: pods are deleted when a job is suspended, and with them the record of how long
 * they ran, so `idle` is at least what is said. Undefined for a job without GPUs or before any ran.
 */
export function gpuSecondsOf({ gpus, pods, seconds, before, now }: GpuSecondsInput): GpuSeconds | undefined {
  const held = (gpus * pods.reduce((sum, pod) => sum + ranMs(pod, now), 0)) / 1000;
  if (gpus === 0 || (held === 0 && seconds === undefined)) return before;
  const useful = Math.max(before?.useful ?? 0, Math.round(gpus * (seconds?.useful ?? 0)));
  const redone = Math.max(before?.redone ?? 0, Math.round(gpus * (seconds?.redone ?? 0)));
  const isKnown = held > 0 && !pods.some(isRunning);
  const idle = isKnown ? Math.max(before?.idle ?? 0, Math.round(held - useful - redone)) : before?.idle;
  return { useful, redone, ...(idle !== undefined && { idle }) };
}
