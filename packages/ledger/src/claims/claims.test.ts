import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Claim, Claims, type Holder, openClaims } from './claims.ts';
import { type FileLayer, type NewFile, nodeFileLayer } from '../files/file-layer.ts';
import { faultyFileLayer } from '../../test/files.ts';

const LEASE = 1000;
let folder: string;
let now = 0;
const clock = (): number => now;
const open = (bin: number, layer: FileLayer = nodeFileLayer): Promise<Claims> =>
  openClaims({ folder, bin, leaseMs: LEASE, clock, layer });

/** The claim; the test fails without one. */
async function claimed(claims: Claims, block = 'b'): Promise<Claim> {
  const claim = await claims.tryClaim(block);
  if (claim === undefined) throw new Error(`${block} could not be claimed`);
  return claim;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'claims-'));
  now = 0;
});
afterEach(() => rm(folder, { recursive: true }));

describe('a claim', () => {
  test('keeps others off, and asking again gives the same one', async () => {
    const [a, b] = [await open(0), await open(1)];
    const claim = await claimed(a);
    expect(await b.tryClaim('b')).toBeUndefined();
    expect(await claimed(a)).toEqual(claim);
    expect(await a.stillHeld(claim)).toBe(true);
    expect((await claimed(b, 'other')).token).toBe(1);
  });

  test("is anyone's once released, under the next token", async () => {
    const [a, b] = [await open(0), await open(1)];
    const first = await claimed(a);
    await a.release(first);
    expect(await a.stillHeld(first)).toBe(false);
    const second = await claimed(b);
    expect([first.token, second.token]).toEqual([1, 2]);
    await a.release(first);
    expect(await b.stillHeld(second)).toBe(true);
  });

  test('is lost when its holder is silent for the lease, counted from the first look', async () => {
    const [a, b] = [await open(0), await open(1)];
    const claim = await claimed(a);
    now = 10 * LEASE;
    expect(await b.tryClaim('b')).toBeUndefined();
    now += LEASE - 1;
    expect(await b.tryClaim('b')).toBeUndefined();
    now += 1;
    expect((await claimed(b)).token).toBe(2);
    expect(await a.stillHeld(claim)).toBe(false);
    expect(await a.tryClaim('b')).toBeUndefined();
  });

  test('is kept as long as its holder renews', async () => {
    const [a, b] = [await open(0), await open(1)];
    const claim = await claimed(a);
    for (let i = 0; i < 5; i++) {
      expect(await b.tryClaim('b')).toBeUndefined();
      now += LEASE;
      await a.renew();
    }
    expect(await a.stillHeld(claim)).toBe(true);
  });

  test('goes at once to another when its holder has left', async () => {
    const [a, b] = [await open(0), await open(1)];
    await claimed(a);
    await a.leave();
    expect((await claimed(b)).token).toBe(2);
  });

  test('goes at once to the next life of its bin, and never back', async () => {
    const before = await open(0);
    const claim = await claimed(before);
    const after = await open(0);
    const taken = await claimed(after);
    expect(taken.token).toBe(2);
    expect(await before.stillHeld(claim)).toBe(false);
    expect(await before.tryClaim('b')).toBeUndefined();
    expect(await after.stillHeld(taken)).toBe(true);
  });
});

describe('two pods under one host name, each process 1', () => {
  /** A holder as a process in another container with the same host name and number would have written it. */
  async function elsewhere(bin: number): Promise<Claims> {
    const here = await open(bin);
    const { holder } = here;
    if (holder.process === undefined) throw new Error('this system names no process table');
    const there: Holder = { ...holder, process: { ...holder.process, table: 'another container', started: '1' } };
    return new Claims(there, here.files, { folder, bin, leaseMs: LEASE, clock });
  }

  test('a living one is not judged dead by its number, and a dead one not alive for ever', async () => {
    const [theirs, ours] = [await elsewhere(0), await open(1)];
    expect(theirs.holder.host).toBe(ours.holder.host);
    const claim = await claimed(theirs);
    for (let i = 0; i < 3; i++) {
      expect(await ours.tryClaim('b')).toBeUndefined();
      now += LEASE;
      await theirs.renew();
    }
    expect(await theirs.stillHeld(claim)).toBe(true);
    expect(await ours.tryClaim('b')).toBeUndefined();
    now += LEASE;
    expect((await claimed(ours)).token).toBe(2);
  });

  test('the next life of the bin goes on at once, and the one cut off notices', async () => {
    const cutOff = await elsewhere(0);
    const claim = await claimed(cutOff);
    const next = await open(0);
    expect((await claimed(next)).token).toBe(2);
    await cutOff.renew();
    expect(await cutOff.stillHeld(claim)).toBe(false);
  });

  test('one in our own table that is gone is known to be dead without a lease', async () => {
    const gone = await open(0);
    const { holder } = gone;
    const dead: Holder = { ...holder, process: { pid: 999_999_999, table: holder.process?.table ?? '' } };
    await claimed(new Claims(dead, gone.files, { folder, bin: 0, leaseMs: LEASE, clock }));
    expect((await claimed(await open(1))).token).toBe(2);
  });
});

test('a claim can be taken from one that lives, who then notices', async () => {
  const [zombie, heir] = [await open(5), await open(0)];
  const claim = await claimed(zombie);
  expect((await heir.takeOver('b'))?.token).toBe(2);
  expect(await zombie.stillHeld(claim)).toBe(false);
  expect(await zombie.tryClaim('b')).toBeUndefined();
});

describe('a volume with its own ways', () => {
  const noLinks: FileLayer = { ...nodeFileLayer, link: () => Promise.resolve('Unsupported') };

  test('without hard links one of many claimants wins', async () => {
    const all = await Promise.all([0, 1, 2, 3].map((bin) => open(bin, noLinks)));
    expect(new Set(all.map(({ holder }) => holder.life))).toEqual(new Set([1]));
    const claims = await Promise.all(all.map((one) => one.tryClaim('b')));
    expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
  });

  test('a claim cut while it was made is lost after the lease', async () => {
    const [a, b] = [await open(0, noLinks), await open(1, noLinks)];
    const claim = await claimed(a);
    await writeFile(join(folder, 'claims/b/000001.json'), '{"bo');
    expect(await a.stillHeld(claim)).toBe(false);
    expect(await b.tryClaim('b')).toBeUndefined();
    now += LEASE;
    expect((await claimed(b)).token).toBe(2);
  });

  test("NFS repeats a link(2) whose answer was lost: the claim is still the caller's", async () => {
    const repeated: FileLayer = {
      ...nodeFileLayer,
      link: async (existing, path) => {
        await nodeFileLayer.link(existing, path);
        return nodeFileLayer.link(existing, path);
      },
    };
    const claims = await open(0, repeated);
    expect((await claimed(claims)).token).toBe(1);
  });

  test('deleting claims and holders while all are dead leaves nothing unclaimable', async () => {
    const a = await open(0);
    await claimed(a);
    await rm(join(folder, 'holders'), { recursive: true });
    // Another process now has the number of the life that holds the claim.
    const b = await open(0);
    expect(b.holder.life).toBe(a.holder.life);
    expect((await claimed(b)).token).toBe(2);
    await rm(join(folder, 'claims'), { recursive: true });
    expect((await claimed(b)).token).toBe(1);
    expect(await a.stillHeld({ block: 'b', token: 1, holder: a.holder })).toBe(false);
  });
});

describe('however several holders interleave', () => {
  type Action = 'claim b' | 'claim c' | 'release' | 'renew' | 'pass' | 'restart' | 'die';
  const actions = fc.array(
    fc.constantFrom<Action>('claim b', 'claim b', 'claim c', 'claim c', 'release', 'renew', 'pass', 'restart', 'die'),
    { minLength: 1, maxLength: 7 },
  );

  /** A layer in which every operation waits until the scheduler releases it. */
  function gated(scheduler: fc.Scheduler): FileLayer {
    const inner = faultyFileLayer();
    const turn = <T>(operation: () => Promise<T>): Promise<T> => scheduler.scheduleFunction(operation)();
    return {
      create: async (path: string): Promise<NewFile | undefined> => {
        const file = await turn(() => inner.create(path));
        return (
          file && {
            write: (bytes) => turn(() => file.write(bytes)),
            sync: () => turn(() => file.sync()),
            close: () => turn(() => file.close()),
          }
        );
      },
      overwrite: (path, bytes) => turn(() => inner.overwrite(path, bytes)),
      readFile: (path) => turn(() => inner.readFile(path)),
      rename: (from, to) => turn(() => inner.rename(from, to)),
      link: (existing, path) => turn(() => inner.link(existing, path)),
      unlink: (path) => turn(() => inner.unlink(path)),
      readdir: (path) => turn(() => inner.readdir(path)),
      mkdir: (path) => turn(() => inner.mkdir(path)),
      stat: (path) => turn(() => inner.stat(path)),
      syncFolder: (path) => turn(() => inner.syncFolder(path)),
      removeFolder: (path) => turn(() => inner.removeFolder(path)),
    };
  }

  test('no token is given twice, at most one holds a block in the end, and every block can be had', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(actions, { minLength: 2, maxLength: 4 }),
        async (scheduler, scripts) => {
          await rm(folder, { recursive: true });
          const layer = gated(scheduler);
          const makers = new Map<string, string>();
          const living: { claims: Claims; held: Claim[] }[] = [];

          async function run(script: readonly Action[], bin: number): Promise<void> {
            let claims = await open(bin, layer);
            const held: Claim[] = [];
            for (const action of script) {
              if (action === 'die') return;
              if (action === 'pass') now += LEASE;
              else if (action === 'renew') await claims.renew();
              else if (action === 'restart') {
                claims = await open(bin, layer);
                held.length = 0;
              } else if (action === 'release') {
                const claim = held.pop();
                if (claim !== undefined) await claims.release(claim);
              } else {
                const claim = await claims.tryClaim(action.slice('claim '.length));
                if (claim === undefined) continue;
                const key = `${claim.block} ${claim.token}`;
                expect(makers.get(key) ?? claims.holder.incarnation).toBe(claims.holder.incarnation);
                makers.set(key, claims.holder.incarnation);
                if (!held.some(({ block, token }) => block === claim.block && token === claim.token)) held.push(claim);
              }
            }
            living.push({ claims, held });
          }
          await scheduler.waitFor(Promise.all(scripts.map(run)));

          const verdict = async (): Promise<void> => {
            const observer = await open(9, faultyFileLayer());
            for (const block of ['b', 'c']) {
              let holders = 0;
              for (const { claims, held } of living) {
                for (const claim of held) if (claim.block === block && (await claims.stillHeld(claim))) holders += 1;
              }
              expect(holders).toBeLessThanOrEqual(1);
              await observer.tryClaim(block);
              for (const { claims } of living) await claims.renew();
              now += LEASE;
              expect((await observer.tryClaim(block)) !== undefined, block).toBe(holders === 0);
            }
            // From here on no process renews its claims.
            for (const block of ['b', 'c']) await observer.tryClaim(block);
            now += LEASE;
            for (const block of ['b', 'c']) await claimed(observer, block);
          };
          await scheduler.waitFor(verdict());
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });
});
