import { setTimeout as delay } from 'node:timers/promises';
import type { Claim } from '@distillation/ledger/claims';
import { readEverything } from '@distillation/ledger/view';
import { remainingBlocks, type ThiefOptions } from './thief.ts';

/** How often a waiting worker checks whether a claim has expired, in milliseconds. */
const CLAIM_POLL_MS = 500;

export interface AwaitOptions extends Omit<ThiefOptions, 'log'> {
  readonly pollMs?: number;
}

/**
 * Waits for blocks of this bin that a worker of an earlier run still holds. Either that worker is dead, which its expired lease
 * proves, or it has lost the cluster but not the volume and may renew its claim for ever; after one and a half leases its claim is
 * overruled. A claim of an earlier life of this bin needs no waiting: it ended when this life began.
 *
 * With work stealing, a block held by another bin of this schedule was stolen and is that bin's to finish, so this one may end.
 * Without it, no bin of this schedule has such a block, and it would stay untrained.
 * @returns the claim on one of these blocks, so there is work again; undefined when there is none.
 */
export async function awaitOwnBlocks(options: AwaitOptions): Promise<Claim | undefined> {
  const { claims, stopped, alive, pollMs = CLAIM_POLL_MS } = options;
  const until = performance.now() + 1.5 * claims.leaseMs;
  while (!stopped()) {
    alive();
    const waiting = await ownBlocks(options);
    for (const block of waiting) {
      const claim = await claims.tryClaim(block);
      if (claim !== undefined) return claim;
    }
    const [first] = waiting;
    if (first === undefined) return undefined;
    if (performance.now() >= until) return claims.takeOver(first);
    await delay(pollMs);
  }
  return undefined;
}

/** Unfinished blocks planned for this bin, without those that were stolen from it. */
async function ownBlocks({ schedule, bin, claims, ledger, plan }: AwaitOptions): Promise<string[]> {
  const own = schedule.bins.find(({ index }) => index === bin)?.blocks ?? [];
  const thieves = new Set(
    schedule.policy === 'WorkStealing' ? schedule.bins.map(({ index }) => index).filter((index) => index !== bin) : [],
  );
  const remaining = remainingBlocks(plan, (await readEverything(ledger)).blocks);
  const blocks: string[] = [];
  for (const block of own) {
    if (!remaining.has(block)) continue;
    const holder = await claims.holderOf(block);
    if (holder === undefined || !thieves.has(holder.bin)) blocks.push(block);
  }
  return blocks;
}
