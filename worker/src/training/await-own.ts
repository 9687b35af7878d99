import { setTimeout as delay } from 'node:timers/promises';
import type { Claim } from '@distillation/ledger/claims';
import { readEverything } from '@distillation/ledger/view';
import { remainingBlocks, type ThiefOptions } from './thief.ts';

/** How often a worker looks whether a claim has fallen due. */
const CLAIM_POLL_MS = 500;

export interface AwaitOptions extends Omit<ThiefOptions, 'log'> {
  readonly pollMs?: number;
}

/**
 * Waits for own blocks that a worker of an earlier run still holds by its claim: dead, and a lease makes that certain, or cut off
 * from the cluster but not from the volume, where it may renew for ever: after the lease and a half it is overruled. (A claim of
 * an earlier life of this bin needs no waiting: it ended when this life began.)
 *
 * With work stealing, blocks held by another bin of this schedule were stolen, and are that bin's affair: this one is free to end. Without
 * it nobody of this schedule has them, and leaving them would leave them undone.
 * @returns the claim on one of them: there is work again. Undefined: there is none.
 */
export async function awaitOwn(options: AwaitOptions): Promise<Claim | undefined> {
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
