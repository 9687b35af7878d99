import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BinSchedule } from '@distillation/api/plan';
import { type Claims, openClaims } from '@distillation/ledger/claims';
import { type Ledger, openLedger } from '@distillation/ledger/ledger';
import { EPOCHS, epochRecord, planOf, trainEpoch } from '../../../packages/ledger/test/worker.ts';
import { type AwaitOptions, awaitOwnBlocks } from './await-own.ts';

const LEASE = 200;
const BLOCKS = ['a', 'b'];
const plan = planOf('r', BLOCKS);

/** `a` is planned for bin 0, `b` for bin 1. */
const schedule = (policy: BinSchedule['policy']): BinSchedule => ({
  version: 1,
  policy,
  passes: 'Fused',
  bins: BLOCKS.map((block, index) => ({ index, blocks: [block], cost: 1 })),
  makespan: 1,
  lowerBound: 1,
});

let folder: string;
let ledger: Ledger;
const open = (bin: number): Promise<Claims> => openClaims({ folder, bin, leaseMs: LEASE });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'await-'));
  ledger = await openLedger({ folder, writer: 'bin-0', log: () => undefined });
  await ledger.writePlan(plan);
});
afterEach(() => rm(folder, { recursive: true }));

/** Bin 0 waits; how often it looked. */
async function wait(
  claims: Claims,
  more: Partial<AwaitOptions> = {},
): Promise<{ block: string | undefined; looks: number }> {
  let looks = 0;
  const claim = await awaitOwnBlocks({
    bin: 0,
    plan,
    schedule: schedule('RoundRobin'),
    ledger,
    claims,
    stopped: () => false,
    alive: () => {
      looks += 1;
    },
    pollMs: 20,
    ...more,
  });
  return { block: claim?.block, looks };
}

test('a worker with nothing of its own left is free at once', async () => {
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    await ledger.commitEpoch(epochRecord('a', 0, epoch), trainEpoch('a', 0, undefined));
  }
  expect(await wait(await open(0))).toEqual({ block: undefined, looks: 1 });
});

test('a block that was stolen is its thief’s: no GPU is held for it', async () => {
  const thief = await open(1);
  await thief.tryClaim('a');
  expect(await wait(await open(0), { schedule: schedule('WorkStealing') })).toEqual({ block: undefined, looks: 1 });
});

test.each(['RoundRobin', 'WorkStealing'] as const)(
  'what a dead bin of an earlier schedule claims falls due by its lease (%s)',
  async (policy) => {
    await (await open(7)).tryClaim('a');
    const claims = await open(0);
    const { block, looks } = await wait(claims, { schedule: schedule(policy) });
    expect(block).toBe('a');
    // The first look has seen the lease, and none before its end may take the block.
    expect(looks).toBeGreaterThan(1);
    expect((await claims.holderOf('a'))?.bin).toBe(0);
  },
);

test('without stealing nobody else of this schedule will train it, whatever bin claims it from an earlier run', async () => {
  await (await open(1)).tryClaim('a');
  expect((await wait(await open(0))).block).toBe('a');
});

test('an earlier life of this bin, perhaps cut off with its node, is no reason to wait', async () => {
  await (await open(0)).tryClaim('a');
  expect(await wait(await open(0))).toEqual({ block: 'a', looks: 1 });
});

test('one that is cut off from the cluster but renews for ever is overruled', async () => {
  const zombie = await open(7);
  const claim = await zombie.tryClaim('a');
  const renewals: Promise<void>[] = [];
  const timer = setInterval(() => renewals.push(zombie.renew()), 20);
  try {
    const claims = await open(0);
    expect((await wait(claims)).block).toBe('a');
    expect(claim && (await zombie.stillHeld(claim))).toBe(false);
  } finally {
    clearInterval(timer);
    // A renewal under way must not write into a folder that is being removed.
    await Promise.all(renewals);
  }
});

test('one who is told to stop waits no longer', async () => {
  await (await open(7)).tryClaim('a');
  expect(await wait(await open(0), { stopped: () => true })).toEqual({ block: undefined, looks: 0 });
});
