import { existsSync, renameSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT, toDistillError } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import { openClaims } from '../claims/claims.ts';
import { type FileLayer, nodeFileLayer } from './file-layer.ts';
import { type Ledger, openLedger } from '../records/ledger.ts';
import type { Patience } from './patience.ts';
import { epochRecord, trainEpoch } from '../../test/worker.ts';

let root: string;
let folder: string;
let now: number;
let lines: string[];
let alive: number;
/** How the volume fails, and until when; undefined when it works. */
let outage: { readonly errno: string; readonly until: number } | undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'patience-'));
  folder = join(root, 'job');
  [now, lines, alive, outage] = [0, [], 0, undefined];
});
afterEach(() => rm(root, { recursive: true, force: true }));

const patience = (stopped = (): boolean => false): Patience => ({
  log: (line) => lines.push(line),
  alive: () => (alive += 1),
  stopped,
  time: {
    now: () => now,
    pause: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  },
});

const DENIES_WRITING = ['EROFS', 'EACCES', 'EPERM'];

/** The real file system, which fails as the outage says. */
function failing(): FileLayer {
  const check = async <T>(operation: () => Promise<T>, reads = false): Promise<T> => {
    if (outage !== undefined && now < outage.until && !(reads && DENIES_WRITING.includes(outage.errno))) {
      throw Object.assign(new Error(`${outage.errno}: injected`), { code: outage.errno });
    }
    return operation();
  };
  return {
    create: (path) => check(() => nodeFileLayer.create(path)),
    overwrite: (path, bytes) => check(() => nodeFileLayer.overwrite(path, bytes)),
    readFile: (path) => check(() => nodeFileLayer.readFile(path), true),
    rename: (from, to) => check(() => nodeFileLayer.rename(from, to)),
    link: (existing, path) => check(() => nodeFileLayer.link(existing, path)),
    unlink: (path) => check(() => nodeFileLayer.unlink(path)),
    readdir: (path) => check(() => nodeFileLayer.readdir(path), true),
    mkdir: (path) => check(() => nodeFileLayer.mkdir(path)),
    stat: (path) => check(() => nodeFileLayer.stat(path), true),
    syncFolder: (path) => check(() => nodeFileLayer.syncFolder(path)),
    removeFolder: (path) => check(() => nodeFileLayer.removeFolder(path)),
  };
}

const open = (stopped?: () => boolean): Promise<Ledger> =>
  openLedger({ folder, writer: 'bin-0', log: () => undefined, layer: failing(), patience: patience(stopped) });
const commit = (ledger: Ledger): Promise<unknown> =>
  ledger.commitEpoch(epochRecord('b', 0, 1), trainEpoch('b', 0, undefined));

describe('a volume that was usable', () => {
  it.each(['EROFS', 'EIO', 'ESTALE', 'EACCES', 'EPERM', 'ETIMEDOUT', 'ENOTCONN', 'EHOSTDOWN', 'ENODEV'])(
    'and fails for nine minutes by %s is waited for: nothing is lost',
    async (errno) => {
      const ledger = await open();
      const claims = await openClaims({ folder, bin: 0, layer: ledger.files });
      outage = { errno, until: 9 * 60_000 };
      const claim = await claims.tryClaim('b');
      expect(claim?.token).toBe(1);
      expect(await commit(ledger)).toMatchObject({ epoch: 1 });
      expect(await ledger.history('b')).toHaveLength(1);
      expect(lines).toEqual([expect.stringContaining(errno), 'the volume is back: the work goes on']);
      // A waiting process must not count as hanging.
      expect(alive).toBeGreaterThan(100);
    },
  );

  it.each([
    { errno: 'EROFS', minutes: 10, code: 'DISTILL_E_VOLUME_IO' },
    { errno: 'EACCES', minutes: 10, code: 'DISTILL_E_VOLUME_IO' },
    { errno: 'EIO', minutes: 10, code: 'DISTILL_E_VOLUME_IO' },
    { errno: 'ENOSPC', minutes: 0.5, code: 'DISTILL_E_DISK_FULL' },
    { errno: 'EDQUOT', minutes: 0.5, code: 'DISTILL_E_DISK_FULL' },
  ])('and stays away by $errno ends the process after $minutes minutes, to be tried again', async (given) => {
    const ledger = await open();
    outage = { errno: given.errno, until: Infinity };
    const error = toDistillError(await commit(ledger).catch((thrown: unknown) => thrown));
    expect(error).toMatchObject({ code: given.code, exitCode: EXIT.retry });
    expect(now).toBeGreaterThan(0.8 * given.minutes * 60_000);
    expect(now).toBeLessThanOrEqual(given.minutes * 60_000);
  });

  it('is waited for by the next process as well, which begins meanwhile', async () => {
    await commit(await open());
    outage = { errno: 'EROFS', until: 60_000 };
    const ledger = await open();
    expect(await ledger.history('b')).toHaveLength(1);
    outage = { errno: 'EROFS', until: Infinity };
    await expect(open()).rejects.toMatchObject({ code: 'DISTILL_E_VOLUME_IO', exitCode: EXIT.retry });
  });

  it('and is unmounted gets no folder where it was; mounted again the work goes on', async () => {
    const ledger = await open();
    await rename(folder, `${folder}-elsewhere`);
    const remount = patience(() => {
      // At once: the minutes of waiting are over within some turns of the event loop.
      if (now > 5000 && !existsSync(folder)) renameSync(`${folder}-elsewhere`, folder);
      return false;
    });
    expect(await commit(ledger).catch((error: unknown) => error)).toMatchObject({
      code: 'DISTILL_E_VOLUME_IO',
      message: expect.stringContaining('is the volume still mounted?') as string,
    });
    expect(await nodeFileLayer.stat(folder)).toBeUndefined();
    await rename(`${folder}-elsewhere`, folder);
    const again = await openLedger({ folder, writer: 'bin-0', log: () => undefined, patience: remount });
    await rename(folder, `${folder}-elsewhere`);
    now = 0;
    await commit(again);
    expect(await again.history('b')).toHaveLength(1);
  });

  it('is not waited for by who is told to stop', async () => {
    let told = false;
    const ledger = await open(() => told);
    outage = { errno: 'EROFS', until: Infinity };
    told = true;
    await expect(commit(ledger)).rejects.toMatchObject({ code: 'DISTILL_E_VOLUME_IO' });
    expect(now).toBe(0);
  });
});

describe('what will not pass is said at once', () => {
  it.each(['EROFS', 'EACCES', 'EPERM'])('a volume that never could be written: %s', async (errno) => {
    outage = { errno, until: Infinity };
    await expect(open()).rejects.toMatchObject({ code: 'DISTILL_E_VOLUME_NOT_WRITABLE', exitCode: EXIT.input });
    expect(now).toBe(0);
  });

  it.each(['ENAMETOOLONG', 'ENOTDIR', 'ELOOP', 'EISDIR'])('a name that cannot be: %s', async (errno) => {
    const ledger = await open();
    outage = { errno, until: Infinity };
    await expect(ledger.writeJson(LAYOUT.job, {})).rejects.toMatchObject({ name: 'DistillError' });
    expect(now).toBe(0);
  });
});
