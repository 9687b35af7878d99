import { isFinished } from '@distillation/api/words';
import type { DistillationJobStatus } from '@distillation/api/job';
import { readDecimal } from '@distillation/api/decimal';
import { EXIT } from '@distillation/api/errors';
import type { BinSchedule } from '@distillation/api/plan';
import type { BlockDigest, LiveProgress, WorkerSeconds } from '@distillation/api/progress';
import type { PlanSummary, Termination } from '@distillation/api/termination';
import type { ChildJobs, JobAttempt } from './child-jobs.ts';
import { parseIndexes } from './indexes.ts';
import { endOf } from './pod-status.ts';
import { SETTLING_MS } from './processes.ts';
import type { Snapshot } from '../objects/snapshot.ts';
import { creationTime } from '@distillation/kube/time';
import type { WirePod } from '@distillation/kube/wire';

/**
 * What is known of the ledger on the volume, which the operator does not mount: from the answers of running pods, the termination
 * messages of ended ones, and the previous status. Each was true at some time and a finished block stays finished, so the most advanced
 * state counts.
 */
export interface KnownBlocks {
  /** In the order of the plan; a block that no source mentions is pending. */
  readonly blocks: readonly BlockDigest[];
  /** From the source that accounts for the most time; absent when there is none. */
  readonly seconds?: WorkerSeconds;
  /** The pods' answer, if it is about this plan and can be trusted. */
  readonly live?: LiveProgress;
}

interface Known {
  readonly plan: PlanSummary;
  readonly schedule?: BinSchedule;
  readonly childJobs: ChildJobs;
}

export function knownBlocksOf(snapshot: Snapshot, { plan, schedule, childJobs }: Known): KnownBlocks {
  const { job, now } = snapshot;
  const doubt = lastDoubt(childJobs);
  const words = terminationMessages(childJobs, { plan, since: doubt });
  const live =
    snapshot.live?.planKey === plan.key && !(snapshot.live.at <= (doubt ?? -Infinity)) ? snapshot.live : undefined;
  const known = doubt === undefined && job.status?.plan?.key === plan.key ? digestsOf(job.status) : [];
  const implied = impliedBlocks(childJobs, { plan, schedule, since: doubt, now });
  const sources = [live?.blocks ?? [], ...words.map(({ blocks }) => blocks), known, implied].map(
    (blocks) => new Map(blocks.map((block) => [block.name, block])),
  );
  const seconds = [live?.seconds, ...words.map((word) => word.seconds)]
    .filter((each) => each !== undefined)
    .sort((a, b) => b.useful + b.redone - (a.useful + a.redone))[0];
  return {
    blocks: plan.blocks.map(({ name }) => mostAdvanced(name, sources)),
    ...(seconds !== undefined && { seconds }),
    ...(live !== undefined && { live }),
  };
}

/** Finished before unfinished, later epoch before earlier; the first source wins a tie. */
function mostAdvanced(name: string, sources: readonly ReadonlyMap<string, BlockDigest>[]): BlockDigest {
  const told = sources.flatMap((source) => source.get(name) ?? []);
  const advance = ({ state, epoch }: BlockDigest): number =>
    isFinished(state) ? Infinity : epoch + (state === 'Training' ? 0.5 : 0);
  return told.reduce((best, next) => (advance(next) > advance(best) ? next : best), told[0] ?? pending(name));
}

const pending = (name: string): BlockDigest => ({ name, state: 'Pending', epoch: 0 });

/**
 * When a finalizer last found files missing on the volume: the creation time of its pod, in milliseconds since the epoch by the API
 * server's clock. Anything reported up to then is no longer trusted.
 */
function lastDoubt({ roles }: ChildJobs): number | undefined {
  const doubting = roles.finalizer.attempts
    .flatMap(({ pods }) => pods)
    .filter((pod) => {
      const termination = endOf(pod)?.termination;
      return termination?.type === 'Error' && termination.code === 'DISTILL_E_BLOCKS_INCOMPLETE';
    })
    .map(creationTime);
  return doubting.length === 0 ? undefined : Math.max(...doubting);
}

type NothingLeft = Extract<Termination, { type: 'NothingLeft' }>;

/** Termination messages of workers, the newest first. */
function terminationMessages(
  { roles }: ChildJobs,
  { plan, since = -Infinity }: { plan: PlanSummary; since: number | undefined },
): NothingLeft[] {
  return roles.worker.attempts
    .flatMap(({ pods }) => pods)
    .filter((pod) => creationTime(pod) > since)
    .flatMap((pod) => terminationMessage(pod) ?? [])
    .filter(({ planKey }) => planKey === plan.key)
    .reverse();
}

function terminationMessage(pod: WirePod): NothingLeft | undefined {
  const termination = endOf(pod)?.termination;
  return termination?.type === 'NothingLeft' && Array.isArray(termination.blocks) ? termination : undefined;
}

/**
 * Blocks of workers that succeeded but whose termination messages cannot be read (too long, or the pods are gone): a worker exits with
 * success only when nothing of its bin is left. The finalizer verifies that before it relies on it.
 */
function impliedBlocks(
  { roles }: ChildJobs,
  { plan, schedule, since = -Infinity, now }: Omit<Known, 'childJobs'> & { since: number | undefined; now: Date },
): BlockDigest[] {
  return roles.worker.attempts
    .filter((attempt) => creationTime(attempt.job) > since)
    .filter((attempt) => attempt.end?.complete === true && now.getTime() - attempt.end.at >= SETTLING_MS)
    .filter(({ pods }) =>
      pods.every((pod) => endOf(pod)?.exitCode !== EXIT.ok || terminationMessage(pod) === undefined),
    )
    .flatMap((attempt) =>
      completedBins(attempt).flatMap((bin) => schedule?.bins.find(({ index }) => index === bin) ?? []),
    )
    .flatMap(({ blocks }) => blocks.map((name) => ({ name, state: 'Done', epoch: plan.epochs })));
}

function completedBins({ job, bins }: JobAttempt): number[] {
  const completed = parseIndexes(job.status?.completedIndexes);
  return bins.filter((_, index) => completed.has(index));
}

/** The block states of the previous status. That a worker has begun with a block is no more than what it said then. */
function digestsOf({ blocks = [] }: DistillationJobStatus): BlockDigest[] {
  return blocks.map(({ name, state, epoch, bin, loss, failure }) => ({
    name,
    state: state === 'Training' && epoch === 0 ? 'Pending' : state,
    epoch,
    ...(bin !== undefined && { bin }),
    ...(loss !== undefined && { loss: readDecimal(loss) }),
    ...(failure !== undefined && { failure }),
  }));
}
