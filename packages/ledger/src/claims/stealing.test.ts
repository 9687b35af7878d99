import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Claim, type Claims, openClaims } from './claims.ts';
import { faultyFileLayer } from '../../test/files.ts';
import type { FileLayer } from '../files/file-layer.ts';
import { grant, readGrant, requestWork, takeRequest, withdrawRequest, type WorkRequest } from './stealing.ts';

const LEASE = 1000;
let folder: string;
let now = 0;
const open = (bin: number, layer: FileLayer = faultyFileLayer()): Promise<Claims> =>
  openClaims({ folder, bin, leaseMs: LEASE, clock: () => now, layer });

async function must<T>(promise: Promise<T | undefined>): Promise<T> {
  const value = await promise;
  if (value === undefined) throw new Error('expected a value');
  return value;
}

const claimAll = (claims: Claims, blocks: readonly string[]): Promise<Claim[]> =>
  Promise.all(blocks.map((block) => must(claims.tryClaim(block))));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stealing-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a thief gets the blocks that the victim gives, and only those', async () => {
  const [victim, thief] = [await open(0), await open(1)];
  const [a, b] = await claimAll(victim, ['a', 'b']);
  expect(await takeRequest(victim)).toBeUndefined();
  const request = await must(requestWork(thief, 0));
  expect(await readGrant(thief, request)).toEqual({ state: 'Open' });
  expect(await takeRequest(victim)).toEqual(request);
  await grant(victim, request, b === undefined ? [] : [b]);
  expect(await takeRequest(victim)).toBeUndefined();
  expect(await readGrant(thief, request)).toEqual({ state: 'Granted', blocks: ['b'] });
  expect((await thief.tryClaim('b'))?.token).toBe(2);
  expect(await thief.tryClaim('a')).toBeUndefined();
  expect(a && (await victim.stillHeld(a))).toBe(true);
});

test('a victim may refuse, and then be asked again', async () => {
  const [victim, thief] = [await open(0), await open(1)];
  const first = await must(requestWork(thief, 0));
  await grant(victim, first, []);
  expect(await readGrant(thief, first)).toEqual({ state: 'Granted', blocks: [] });
  const second = await must(requestWork(thief, 0));
  expect(await readGrant(thief, second)).toEqual({ state: 'Open' });
});

test('two thieves do not ask one victim at the same time', async () => {
  const [, one, two] = [await open(0), await open(1), await open(2)];
  const asked = await Promise.all([requestWork(one, 0), requestWork(two, 0)]);
  expect(asked.filter((request) => request !== undefined)).toHaveLength(1);
});

test('an answer that came too late to be read is gone, as is a request withdrawn', async () => {
  const [victim, slow, quick] = [await open(0), await open(1), await open(2)];
  const missed = await must(requestWork(slow, 0));
  await grant(victim, missed, []);
  const next = await must(requestWork(quick, 0));
  await grant(victim, next, []);
  expect(await readGrant(slow, missed)).toEqual({ state: 'Gone' });
  const third = await must(requestWork(slow, 0));
  await withdrawRequest(quick, next);
  expect(await takeRequest(victim)).toEqual(third);
  await withdrawRequest(slow, third);
  expect(await takeRequest(victim)).toBeUndefined();
  expect(await readGrant(slow, third)).toEqual({ state: 'Gone' });
});

test('a request of a thief that has left or begun another life is dropped', async () => {
  const [victim, thief] = [await open(0), await open(1)];
  const request = await must(requestWork(thief, 0));
  await open(1);
  expect(await takeRequest(victim)).toBeUndefined();
  expect(await readGrant(thief, request)).toEqual({ state: 'Gone' });
  await must(requestWork(thief, 0));
});

/** The handshake; unless one of them dies, it ends with the thief holding the block. */
async function handshake(victim: Claims, thief: Claims): Promise<void> {
  const claims = await claimAll(victim, ['a', 'b']);
  const request: WorkRequest = await must(requestWork(thief, 0));
  const taken = await must(takeRequest(victim));
  await grant(victim, taken, claims.slice(1));
  const answer = await readGrant(thief, request);
  if (answer.state === 'Granted') await claimAll(thief, answer.blocks);
}

test.each(['victim', 'thief'] as const)('no block is lost whenever the %s dies', async (who) => {
  const undisturbed = faultyFileLayer();
  await handshake(
    await open(0, who === 'victim' ? undisturbed : faultyFileLayer()),
    await open(1, who === 'thief' ? undisturbed : faultyFileLayer()),
  );
  const operations = undisturbed.trace.length;
  expect(operations).toBeGreaterThan(20);
  for (let at = 1; at <= operations; at++) {
    await rm(folder, { recursive: true });
    const dying = faultyFileLayer({ kind: 'Kill', at });
    const layerOf = (role: string): FileLayer => (role === who ? dying : faultyFileLayer());
    const life = async (): Promise<void> =>
      handshake(await open(0, layerOf('victim')), await open(1, layerOf('thief')));
    await expect(life()).rejects.toThrow();
    const survivor = await open(2);
    for (const block of ['a', 'b']) await survivor.tryClaim(block);
    now += LEASE;
    for (const block of ['a', 'b'])
      expect(await survivor.tryClaim(block), `operation ${at}, block ${block}`).toBeDefined();
    // Requests left over disturb neither the next life of the victim nor that of the thief.
    const [victim, thief] = [await open(0), await open(1)];
    await takeRequest(victim);
    await must(requestWork(thief, 0));
  }
});
