import { isFinished } from '@distillation/api/words';
import type { DistillationJobStatus } from '@distillation/api/job';
import type { ObservedJob } from '../observe/observe.ts';
import { isAtWork } from '../observe/pod-status.ts';
import { secondsLeft } from '@distillation/core/eta';
import type { FinalizerSpec } from '@distillation/core/finalizer-work';
import { percentDone, type ProgressView } from '@distillation/core/percent';
import { timestamp } from '@distillation/kube/time';
import { isEnd, type Stage } from '@distillation/core/decide';

export type StatusProgress = NonNullable<DistillationJobStatus['progress']>;

/** How long an ETA is kept while nothing else changes: a status is read by people, and each write has a cost. */
const REFRESH_MS = 30_000;

interface ProgressInput {
  readonly spec: FinalizerSpec;
  readonly observed: ObservedJob;
  readonly stage: Stage;
  /** The previous progress; absent when spec or plan has changed. */
  readonly before?: StatusProgress;
}

export function progressOf({ spec, observed, stage, before }: ProgressInput): StatusProgress {
  const { jobState, knownBlocks } = observed;
  const view = viewOf(spec, observed, stage);
  const percent = Math.max(percentDone(view), before?.percent ?? 0);
  const planned = jobState.plan?.blocks.length;
  const finished = knownBlocks.blocks.filter(({ state }) => isFinished(state)).length;
  const bins = jobState.schedule?.bins.filter(({ blocks }) => blocks.length > 0).length;
  const isOver = isEnd(stage);
  const seconds = stage === 'Training' || stage === 'Finalizing' ? secondsLeft(view) : undefined;
  const at = knownBlocks.live === undefined ? before?.lastUpdateTime : timestamp(new Date(knownBlocks.live.at));
  const fresh: StatusProgress = {
    percent,
    ...(planned !== undefined && { blocks: `${finished}/${planned}` }),
    ...(bins !== undefined && { bins: `${isOver ? 0 : runningBins(observed)}/${bins}` }),
    ...(seconds !== undefined && { eta: shortDuration(seconds), remainingSeconds: Math.round(seconds) }),
    ...(at !== undefined && { lastUpdateTime: at }),
  };
  return before !== undefined && isFreshEnough(before, fresh) ? before : fresh;
}

function viewOf(spec: FinalizerSpec, { jobState, plan, knownBlocks, result }: ObservedJob, stage: Stage): ProgressView {
  const { live } = knownBlocks;
  return {
    spec,
    blocks: knownBlocks.blocks,
    // The ledger keeps a worker's last progress after the worker has ended.
    workers: live?.workers.filter(({ bin }) => jobState.workers.get(bin)?.state === 'Running') ?? [],
    finished: stage === 'Succeeded' && result !== undefined,
    ...(plan !== undefined && { plan }),
    ...(jobState.schedule !== undefined && { schedule: jobState.schedule }),
    ...(knownBlocks.seconds !== undefined && { seconds: knownBlocks.seconds }),
    ...(stage === 'Finalizing' && live?.finalizer !== undefined && { finalizer: live.finalizer }),
  };
}

function runningBins({ childJobs }: ObservedJob): number {
  return childJobs.roles.worker.attempts.flatMap(({ pods }) => pods).filter(isAtWork).length;
}

function isFreshEnough(before: StatusProgress, fresh: StatusProgress): boolean {
  const same = (['percent', 'blocks', 'bins'] as const).every((key) => before[key] === fresh[key]);
  if (!same || (before.eta === undefined) !== (fresh.eta === undefined)) return false;
  const [from, to] = [before.lastUpdateTime, fresh.lastUpdateTime];
  return to === undefined || (from !== undefined && Date.parse(to) - Date.parse(from) < REFRESH_MS);
}

/** A duration in the style of ages in `kubectl`: "45s", "4m10s", "2h05m", "3d4h". */
export function shortDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [s, m, h] = [whole % 60, Math.floor(whole / 60) % 60, Math.floor(whole / 3600) % 24];
  const pad = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) return `${s}s`;
  if (whole < 3600) return `${m}m${pad(s)}s`;
  if (whole < 86_400) return `${h}h${pad(m)}m`;
  return `${Math.floor(whole / 86_400)}d${h}h`;
}
