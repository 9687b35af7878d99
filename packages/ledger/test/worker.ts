import { isFinished } from '@distillation/api/words';
import { createHash } from 'node:crypto';
import type { Plan } from '@distillation/api/plan';
import { layerInfo } from '../../api/test/testing.ts';
import { blockState } from '../src/records/block-state.ts';
import { type Claim, type Claims, openClaims } from '../src/claims/claims.ts';
import { faultyFileLayer } from './files.ts';
import type { FileLayer } from '../src/files/file-layer.ts';
import { type Ledger, type NewEpochRecord, openLedger } from '../src/records/ledger.ts';
import { grant, takeRequest } from '../src/claims/stealing.ts';
import type { NamedArray } from '../src/files/tensors.ts';

/** For tests: a worker that "trains" by hashing, so that an epoch's result depends on the one before as in real training. */

export const BLOCKS = ['conv/2.b'] as const;
export const EPOCHS = 3;

/** A plan of these blocks, or of the given ones. */
export const planOf = (recipe: string, blocks: readonly string[] = BLOCKS): Plan => ({
  version: 1,
  recipe,
  key: 'k1',
  teacher: {
    sha256: '0',
    format: 'LayersModel',
    outputs: 'Logits',
    inputShape: [8, 8, 4],
    classes: 2,
    params: 148,
    macs: 9216,
  },
  dataset: { sha256: '0', train: 8, validation: 4, test: 4, classes: 2, imageShape: [8, 8, 4], labelled: true },
  stepsPerEpoch: 1,
  epochs: EPOCHS,
  costUnit: 'MAC',
  costSource: 'Estimated',
  blocks: blocks.map((name) => ({
    name,
    architecture: 'TwoLayer',
    layer: layerInfo({ name, params: 148, macs: 9216, prefixMacs: 9216 }),
    params: 112,
    macs: 6656,
    cost: { prefix: 1, own: 1 },
  })),
  kept: [],
  backend: { name: 'simulated', tensorflow: 'none', cpuThreads: 1 },
});

/** Weights after one more epoch. */
export function trainEpoch(block: string, attempt: number, before: readonly NamedArray[] | undefined): NamedArray[] {
  const hash = createHash('sha256').update(`${block} ${attempt} `);
  for (const { data } of before ?? []) hash.update(data);
  const digest = hash.digest();
  const count = new Int32Array([(before?.[0]?.data[0] ?? 0) + 1]);
  return [
    { name: 'count', shape: [1], data: count },
    { name: 'kernel', shape: [2, 4], data: Float32Array.from(digest.subarray(0, 8)) },
  ];
}

export function epochRecord(block: string, attempt: number, epoch: number): NewEpochRecord {
  return {
    block,
    attempt,
    epoch,
    metrics: { loss: 1 / epoch, probeLoss: 1 / epoch, probeBaseline: 1, probeOutputVariance: 0.5 },
    ...(epoch === EPOCHS && { outcome: 'Trained' as const }),
    backend: { name: 'simulated', tensorflow: 'none', cpuThreads: 1 },
    timing: { bin: 0, startedAt: 1, finishedAt: 2, ownSeconds: 0.5, prefixSeconds: 0.5, passBlocks: 1 },
  };
}

/** Trains the block's next epoch from what is on the volume; false when it is finished. */
export async function advance(ledger: Ledger, block: string): Promise<boolean> {
  const latest = await ledger.latest(block);
  const { state, attempt, epoch } = blockState(await ledger.history(block));
  if (isFinished(state)) return false;
  const before = epoch === 0 ? undefined : latest?.tensors;
  await ledger.commitEpoch(epochRecord(block, attempt, epoch + 1), trainEpoch(block, attempt, before));
  return true;
}

/** Trains one claimed block to its end, or until the claim is lost. */
export async function finish(ledger: Ledger, claims: Claims, claim: Claim): Promise<void> {
  while ((await claims.stillHeld(claim)) && (await advance(ledger, claim.block))) {
    await claims.renew();
    const request = await takeRequest(claims);
    if (request !== undefined) await grant(claims, request, [claim]);
  }
  await claims.release(claim);
}

interface WorkerOptions {
  readonly layer: FileLayer;
  readonly folder: string;
  readonly bin: number;
  readonly clock?: () => number;
}

/**
 * The whole life of a worker: everything that it can claim in three rounds is trained to the end. Returns the blocks that others
 * hold.
 */
export async function work({ layer, folder, bin, clock = () => 0 }: WorkerOptions): Promise<string[]> {
  const ledger = await openLedger({ layer, folder, writer: `bin-${bin}`, log: () => undefined });
  await ledger.assertSameRecipe('r1');
  const claims = await openClaims({ layer, folder, bin, leaseMs: 100, clock });
  let left: string[] = [...BLOCKS];
  for (let look = 0; look < 3; look++) {
    const held: string[] = [];
    for (const block of left) {
      const claim = await claims.tryClaim(block);
      if (claim === undefined) held.push(block);
      else await finish(ledger, claims, claim);
    }
    left = held;
  }
  await claims.leave();
  return left;
}

/** What must not depend on crashes: each block's records, and the tensors at its end. */
export async function results(folder: string): Promise<unknown> {
  const ledger = await openLedger({ layer: faultyFileLayer(), folder, writer: 'reader', log: () => undefined });
  const blocks = BLOCKS.map(async (block) => ({
    history: await ledger.history(block),
    end: await ledger.latest(block),
  }));
  return Promise.all(blocks);
}
