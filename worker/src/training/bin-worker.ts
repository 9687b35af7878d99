import type { Tensor4D } from '@tensorflow/tfjs';
import { nextPass } from '@distillation/core/next-pass';
import { splitForThief } from '@distillation/core/work-stealing';
import { internalError } from '@distillation/api/errors';
import type { DistillationJobSpec } from '@distillation/api/job';
import type { BinSchedule, BlockPlan, Plan } from '@distillation/api/plan';
import type { Tf } from '../backend/tf.ts';
import { buildBlock } from '../blocks/architectures.ts';
import type { Claim, Claims } from '@distillation/ledger/claims';
import type { Ledger } from '@distillation/ledger/ledger';
import type { NamedArray } from '@distillation/ledger/tensors';
import { grant, takeRequest } from '@distillation/ledger/stealing';
import { readEverything } from '@distillation/ledger/view';
import { isCompiled } from '../backend/graph/update.ts';
import { awaitOwnBlocks } from './await-own.ts';
import { CompiledSteps } from './step/compiled-steps.ts';
import { type EpochEnvironment, trainEpoch } from './epoch.ts';
import { type HeldBlock, resumeBlock } from './held-block.ts';
import type { ProgressReporter } from './progress.ts';
import { type StartEnvironment, startsOf } from './start/starts.ts';
import { remainingBlocks, stealWork } from './thief.ts';

interface BinWorkerOptions extends Omit<EpochEnvironment, 'compiled'>, Pick<StartEnvironment, 'layerWeights'> {
  readonly tf: Tf;
  readonly bin: number;
  readonly spec: DistillationJobSpec;
  readonly plan: Plan;
  readonly schedule: BinSchedule;
  readonly probeImages: Tensor4D;
  readonly ledger: Ledger;
  readonly claims: Claims;
  readonly progress: ProgressReporter;
  readonly log: (line: string) => void;
  /** Whether to stop at the next step: the pod is being ended, or the parent is gone. */
  readonly stopped: () => boolean;
}

/**
 * Trains a bin until no work is left for it. The unit of work is one epoch of one block: a pass trains those held blocks that are
 * at the same epoch (all of them when fused, one when independent) and commits each. Between epochs the worker answers thieves. A
 * block that fails is recorded with its reason and does not stop the others.
 */
export async function runBin(given: BinWorkerOptions): Promise<void> {
  const { tf, plan } = given;
  const costs = new Map(plan.blocks.map(({ name, cost }) => [name, cost]));
  const compiled = isCompiled(tf, plan.stepsPerEpoch)
    ? new CompiledSteps(tf, { costs, batchSize: given.spec.dataset.batchSize })
    : undefined;
  if (compiled !== undefined) given.log('runs each step of a full batch as one graph');
  const options = { ...given, compiled };
  const held = new Map<string, HeldBlock>();
  const drop = (block: string): void => {
    held.get(block)?.trainer.dispose();
    held.delete(block);
  };
  try {
    while (!options.stopped()) {
      await options.ledger.restore(options);
      await claimOwnBlocks(held, options);
      if (held.size === 0) {
        const own = await awaitOwnBlocks({ ...options, alive: options.monitor.alive });
        if (own !== undefined) {
          await take(held, [own], options);
          continue;
        }
        if (options.schedule.policy !== 'WorkStealing') break;
        options.progress.update({ state: 'Stealing', blocks: [], losses: {}, imagesPerSecond: 0 });
        const claims = await stealWork({ ...options, alive: options.monitor.alive });
        if (claims.length === 0) break;
        await take(held, claims, options);
        continue;
      }
      for (const block of await trainEpoch(passOf(held, options), options)) drop(block);
      for (const block of await answerThief(held, options)) drop(block);
    }
  } finally {
    compiled?.dispose();
    for (const block of [...held.keys()]) drop(block);
    await options.claims.leave();
  }
}

/** Claims the blocks planned for this bin that need training: all when fused, one at a time when independent. */
async function claimOwnBlocks(held: Map<string, HeldBlock>, options: BinWorkerOptions): Promise<void> {
  const { schedule, bin, claims, ledger, plan } = options;
  if (schedule.passes === 'Independent' && held.size > 0) return;
  const own = schedule.bins.find(({ index }) => index === bin)?.blocks ?? [];
  const remaining = remainingBlocks(plan, (await readEverything(ledger)).blocks);
  const claimed: Claim[] = [];
  for (const block of own) {
    if (held.has(block) || !remaining.has(block)) continue;
    const claim = await claims.tryClaim(block);
    if (claim === undefined) continue;
    if (schedule.passes === 'Fused') claimed.push(claim);
    else await take(held, [claim], options);
    if (schedule.passes === 'Independent' && held.size > 0) return;
  }
  await take(held, claimed, options);
}

/** Takes claimed blocks up where their records end; those that need no more training are released. */
async function take(held: Map<string, HeldBlock>, claims: readonly Claim[], options: BinWorkerOptions): Promise<void> {
  const { plan } = options;
  const planned = claims.map((claim) => {
    const block = plan.blocks.find(({ name }) => name === claim.block);
    if (block === undefined) throw internalError(`Block ${claim.block} is claimed but not planned.`);
    return { claim, block };
  });
  const starts = await startsOf(
    planned.map(({ block }) => block),
    options,
  );
  // Stopped early: the claims end with this life of the bin.
  if (starts === undefined) return;
  for (const { claim, block } of planned) {
    await takeOne(held, { claim, block, start: starts.get(block.name) }, options);
  }
}

interface Taken {
  readonly claim: Claim;
  readonly block: BlockPlan;
  readonly start: readonly NamedArray[] | undefined;
}

async function takeOne(
  held: Map<string, HeldBlock>,
  { claim, block, start }: Taken,
  { tf, plan, spec, ledger, claims, log }: BinWorkerOptions,
): Promise<void> {
  const resumed = await resumeBlock(tf, {
    ledger,
    claim,
    block,
    structure: buildBlock(block, spec.blocks),
    training: spec.training,
    stepsPerEpoch: plan.stepsPerEpoch,
    ...(start !== undefined && { start }),
  });
  if (resumed === undefined) {
    await claims.release(claim);
    return;
  }
  const { metrics, trainer } = resumed;
  log(
    `takes ${block.name} at epoch ${metrics.length + 1} of ${plan.epochs}${trainer.attempt > 0 ? ', second attempt' : ''}`,
  );
  held.set(claim.block, resumed);
}

function passOf(held: ReadonlyMap<string, HeldBlock>, { plan, schedule }: BinWorkerOptions): HeldBlock[] {
  const queue = [...held.values()].map((block) => ({ block, epochsLeft: plan.epochs - block.metrics.length }));
  return nextPass(queue, schedule.passes).map(({ block }) => block);
}

/** Gives part of the held blocks to a thief that has asked for work; returns the blocks given. */
async function answerThief(
  held: ReadonlyMap<string, HeldBlock>,
  options: BinWorkerOptions,
): Promise<readonly string[]> {
  const { claims, schedule, plan, log } = options;
  if (schedule.policy !== 'WorkStealing' || schedule.passes !== 'Fused') return [];
  const request = await takeRequest(claims);
  if (request === undefined) return [];
  const remaining = [...held].flatMap(([name, { metrics }]) => {
    const planned = plan.blocks.find((block) => block.name === name);
    return planned === undefined ? [] : { name, cost: planned.cost, epochsLeft: plan.epochs - metrics.length };
  });
  const blocks = splitForThief({ remaining, passes: schedule.passes });
  const given = blocks.flatMap((block) => held.get(block)?.claim ?? []);
  await grant(claims, request, given);
  if (given.length > 0) log(`gives ${blocks.join(', ')} to bin ${request.thief.bin}`);
  return blocks;
}
