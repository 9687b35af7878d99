import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LAYOUT, recordedCosts } from '@distillation/api/layout';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ledgerStore } from '../../worker/src/finalize/fine-tuning/fine-tune-store.ts';
import { openClaims } from '@distillation/ledger/claims';
import { readCosts } from '@distillation/ledger/cost-file';
import { encodeEnvelope } from '@distillation/ledger/envelope';
import { nodeFileLayer } from '@distillation/ledger/file-layer';
import { type Ledger, openLedger } from '@distillation/ledger/ledger';
import { readGrant, requestWork, takeRequest } from '@distillation/ledger/stealing';

/** Intact files on the volume with unexpected contents, and truncated ones, are reported by name and never cause a crash. */

const BACKEND = { name: 'tensorflow', tensorflow: '2.20.0', cpuThreads: 1 };
const RECORD = {
  block: 'a',
  epoch: 2,
  attempt: 0,
  metrics: { loss: 1, probeLoss: 1, probeBaseline: 2, probeOutputVariance: 1 },
  backend: BACKEND,
  timing: { bin: 0, startedAt: 1, finishedAt: 2, ownSeconds: 1, prefixSeconds: 1, passBlocks: 1 },
};

/** Bodies that are JSON but of none of the formats. */
const FOREIGN: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a number', 7],
  ['a list', [1]],
  ['an empty object', {}],
  ['another object', { block: 'a', epoch: '2', metrics: null, thief: null, record: null, jobs: null, version: 1 }],
];

const CASES = [
  ...FOREIGN.map(([what, body]) => [what, encodeEnvelope(body)] as const),
  ['torn', Buffer.from('{"bo')] as const,
];

let volume = '';
let ledger: Ledger;
let said: string[] = [];
beforeEach(async () => {
  volume = await mkdtemp(join(tmpdir(), 'foreign-'));
  said = [];
  ledger = await openLedger({ folder: join(volume, 'job'), writer: 'test', log: (line) => said.push(line) });
});
afterEach(() => rm(volume, { recursive: true, force: true }));

async function put(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

/** Files that are kept permanently are set aside and named. */
const KEPT: readonly (readonly [string, () => Promise<unknown>])[] = [
  [LAYOUT.job, () => ledger.readJob()],
  [LAYOUT.recipe, () => ledger.recipe()],
  [LAYOUT.plan, () => ledger.readPlan()],
  [LAYOUT.schedule, () => ledger.readSchedule()],
  [LAYOUT.result, () => ledger.readResult()],
  [LAYOUT.epochRecord('a', 0, 2), async () => (await ledger.history('a'))[0]],
  [LAYOUT.fineTuneRecord(1), () => ledgerStore(ledger, 'start').record(1)],
];

describe.each(CASES)('%s', (what, bytes) => {
  test.each(KEPT)('in place of %s', async (name, read) => {
    await put(ledger.path(name), bytes);
    await expect(read()).resolves.toBeUndefined();
    expect(said.join('\n')).toContain(ledger.path(name));
    // A truncated file is called damaged; an intact one is not.
    expect(said.some((line) => line.includes('is damaged'))).toBe(what === 'torn');
    const left = await readdir(dirname(ledger.path(name)));
    expect(left.some((file) => file.includes('.corrupt-'))).toBe(true);
  });

  test('in place of what processes say of themselves', async () => {
    await put(ledger.path(LAYOUT.progress(0)), bytes);
    await put(ledger.path(LAYOUT.finalizerProgress), bytes);
    await expect(ledger.readProgress(0)).resolves.toBeUndefined();
    await expect(ledger.readFinalizerProgress()).resolves.toBeUndefined();
  });

  test('in place of the block times of earlier jobs', async () => {
    await put(join(volume, recordedCosts('T')), bytes);
    const options = { files: nodeFileLayer, volume, teacherSha256: 'T', log: (line: string) => said.push(line) };
    await expect(readCosts(options)).resolves.toBeUndefined();
    expect(said.join('\n')).toContain(join(volume, recordedCosts('T')));
  });

  test('in place of claims, requests and answers', async () => {
    const claims = await openClaims({ folder: ledger.folder, bin: 0, leaseMs: 0 });
    await put(ledger.path(LAYOUT.claim('a', 1)), bytes);
    // A claim without a holder is taken over after it has been unchanged for a lease.
    await claims.tryClaim('a');
    await expect(claims.tryClaim('a')).resolves.toMatchObject({ block: 'a', token: 2 });
    await put(ledger.path(LAYOUT.request(0)), bytes);
    await expect(takeRequest(claims)).resolves.toBeUndefined();
    const request = await requestWork(claims, 1);
    if (request === undefined) throw new Error('bin 1 is asked already');
    await put(ledger.path(LAYOUT.grant(1)), bytes);
    await expect(readGrant(claims, request)).resolves.toEqual({ state: 'Open' });
  });
});

test('the record of another epoch or block is none of this one', async () => {
  for (const other of [{ block: 'b' }, { epoch: 3 }, { attempt: 1 }]) {
    await put(ledger.path(LAYOUT.epochRecord('a', 0, 2)), encodeEnvelope({ ...RECORD, ...other }));
    await expect(ledger.history('a')).resolves.toEqual([]);
  }
  await put(ledger.path(LAYOUT.epochRecord('a', 0, 2)), encodeEnvelope(RECORD));
  await expect(ledger.history('a')).resolves.toEqual([RECORD]);
});
