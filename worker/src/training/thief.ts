import { isFinished } from '@distillation/api/words';
import { setTimeout as delay } from 'node:timers/promises';
import { chooseVictim, type QueueView, type RemainingBlock } from '@distillation/core/work-stealing';
import type { BinSchedule, Plan } from '@distillation/api/plan';
import type { Claim, Claims } from '@distillation/ledger/claims';
import type { Ledger } from '@distillation/ledger/ledger';
import { readGrant, requestWork, withdrawRequest } from '@distillation/ledger/stealing';
import { type BlockView, readEverything } from '@distillation/ledger/view';

/** How often an idle worker checks for an answer to its request, in milliseconds. */
const POLL_MS = 250;

export interface ThiefOptions {
  readonly bin: number;
  readonly plan: Plan;
  readonly schedule: BinSchedule;
  readonly ledger: Ledger;
  readonly claims: Claims;
  readonly stopped: () => boolean;
  /** Called at every check, to show the watchdog that the worker is not hanging. */
  readonly alive: () => void;
  readonly log: (line: string) => void;
}

/** Epochs left and estimated cost left of each unfinished block, by name. */
export function remainingBlocks(plan: Plan, blocks: readonly BlockView[]): Map<string, RemainingBlock> {
  const remaining = new Map<string, RemainingBlock>();
  for (const { name, state, epoch } of blocks) {
    const planned = plan.blocks.find((block) => block.name === name);
    if (planned === undefined || isFinished(state)) continue;
    remaining.set(name, { name, cost: planned.cost, epochsLeft: Math.max(1, plan.epochs - epoch) });
  }
  return remaining;
}

/**
 * The queue of each bin: a block counts for the worker whose progress lists it, otherwise for the bin it was planned
 * for.
 */
async function queues({ plan, schedule, ledger }: ThiefOptions, without: ReadonlySet<string>): Promise<QueueView[]> {
  const { blocks, workers } = await readEverything(ledger);
  const remaining = remainingBlocks(plan, blocks);
  // Progress of a bin that is not in this schedule is left from an earlier run with more bins.
  const scheduled = new Set(schedule.bins.map(({ index }) => index));
  const present = workers.filter(({ bin }) => scheduled.has(bin));
  const holderOf = new Map(present.flatMap(({ bin, blocks: held }) => held.map((block) => [block, bin] as const)));
  return schedule.bins.map(({ index }) => {
    const own = schedule.bins.flatMap((bin) =>
      bin.blocks.filter((block) => (holderOf.get(block) ?? bin.index) === index),
    );
    const state = workers.find(({ bin }) => bin === index)?.state;
    return {
      bin: index,
      owner: state === 'Done' || state === 'Failed' ? 'Gone' : 'Working',
      blocks: own.flatMap((name) => (without.has(name) ? [] : (remaining.get(name) ?? []))),
    };
  });
}

/** Claims those of these blocks that nobody holds. */
async function claimAll(claims: Claims, blocks: readonly string[]): Promise<Claim[]> {
  const claimed: Claim[] = [];
  for (const block of blocks) {
    const claim = await claims.tryClaim(block);
    if (claim !== undefined) claimed.push(claim);
  }
  return claimed;
}

/**
 * Asks a busy bin for some of its blocks and waits until its next epoch boundary. A dead bin never answers, but its
 * claims expire.
 */
async function ask(options: ThiefOptions, victim: number, blocks: readonly string[]): Promise<Claim[] | 'Refused'> {
  const { claims, ledger, plan, stopped, alive, log } = options;
  const request = await requestWork(claims, victim);
  if (request === undefined) return 'Refused';
  log(`asks bin ${victim} for work`);
  while (!stopped()) {
    alive();
    const answer = await readGrant(claims, request);
    if (answer.state === 'Granted') return answer.blocks.length === 0 ? 'Refused' : claimAll(claims, answer.blocks);
    if (answer.state === 'Gone') return 'Refused';
    const { blocks: views } = await readEverything(ledger);
    const remaining = remainingBlocks(plan, views);
    const open = blocks.filter((block) => remaining.has(block));
    const claimed = await claimAll(claims, open);
    if (claimed.length > 0 || open.length === 0) {
      await withdrawRequest(claims, request);
      return claimed.length > 0 ? claimed : 'Refused';
    }
    await delay(POLL_MS);
  }
  await withdrawRequest(claims, request);
  return 'Refused';
}

/**
 * Finds work for an idle bin: blocks that an ended worker left, otherwise part of a busy worker's queue (section 3.3). Returns no
 * claim when nothing is worth taking; the worker should then end, to free its GPU.
 */
export async function stealWork(options: ThiefOptions): Promise<Claim[]> {
  const { bin, schedule, claims, stopped } = options;
  const refused = new Set<number>();
  const taken = new Set<string>();
  while (!stopped()) {
    const view = (await queues(options, taken)).filter((queue) => !refused.has(queue.bin));
    const theft = chooseVictim({ passes: schedule.passes, queues: view }, bin);
    if (theft === undefined) return [];
    const direct = await claimAll(claims, theft.blocks);
    if (direct.length > 0) return direct;
    if (schedule.passes === 'Independent') {
      // Another worker claimed these first; others of the queue may still be free.
      for (const block of theft.blocks) taken.add(block);
      continue;
    }
    const answer = await ask(options, theft.victim, theft.blocks);
    if (answer !== 'Refused' && answer.length > 0) return answer;
    refused.add(theft.victim);
  }
  return [];
}
