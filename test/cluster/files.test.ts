import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../tools/kube-harness/access/until.ts';
import type { Ended } from '../support/cli.ts';
import { podsForFiles, startDistill } from './cli.ts';
import { ClusterJob } from './cluster-job.ts';
import { installOperator } from './operator.ts';
import { smallest } from './recipe.ts';
import { CLAIM, newNamespace, smallVolume, type TestNamespace } from './support.ts';

/** Files to and from claims by `kubectl distill push`, `fetch` and `report`, through pods that are made for it. */

let folder: string;
let namespace: TestNamespace;

beforeAll(async () => {
  await installOperator();
  folder = await mkdtemp(join(tmpdir(), 'distill-files-'));
  namespace = await newNamespace();
});
afterAll(() => rm(folder, { recursive: true }));

const start = (args: readonly string[]) => startDistill({ namespace: namespace.name, folder }, args);
const distill = (...args: readonly string[]): Promise<Ended> => start(args).ended;
const podsHere = (): Promise<readonly string[]> => podsForFiles(namespace.name);

describe('push', () => {
  const large = Buffer.alloc(40_000_000, 'bytes of a data set ');

  it('copies files onto a claim that only the pods’ user may write, and the second time none', async () => {
    await mkdir(join(folder, 'set/deep'), { recursive: true });
    await writeFile(join(folder, 'set/a'), 'one');
    await writeFile(join(folder, 'set/deep/large'), large);
    const first = await distill('push', '--claim', CLAIM, 'set', '--to', 'datasets');
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 files, 40.0 MB, checked by hash.') as string,
    });
    expect(await namespace.read('datasets/set/a')).toEqual(Buffer.from('one'));
    expect((await namespace.read('datasets/set/deep/large')).equals(large)).toBe(true);
    const second = await distill('push', '--claim', CLAIM, 'set', '--to', 'datasets');
    expect(second.stdout).toContain('all were there already');
    expect(await podsHere()).toEqual([]);
  });

  it('stopped by Ctrl-C, it deletes its pod and says how to go on', async () => {
    const program = start(['push', '--claim', CLAIM, 'set', '--to', 'again']);
    await until('its pod is there', async () => (await podsHere())[0]);
    program.signal('SIGINT');
    expect(await program.ended).toMatchObject({
      code: 75,
      stderr: expect.stringContaining('DISTILL_E_STOPPED') as string,
    });
    expect(await podsHere()).toEqual([]);
  });

  it('stops at a full volume with what was and was not copied, and goes on when there is room', async () => {
    const small = await smallVolume(namespace.name, 4_000_000);
    await mkdir(join(folder, 'three'), { recursive: true });
    const content = (name: string) => Buffer.alloc(1_700_000, name);
    for (const name of ['a', 'b', 'c']) await writeFile(join(folder, 'three', name), content(name));
    const full = await distill('push', '--claim', small.claim, 'three');
    expect(full).toMatchObject({ code: 75, stdout: '' });
    expect(full.stderr).toMatch(/^DISTILL_E_DISK_FULL: .*no space left on device/m);
    expect(full.stderr).toContain('Copied: 2 files (3.40 MB). Not copied: 1 file (1.70 MB): work/three/c.');
    expect(full.stderr).toContain('enlarge it, then run the same command: what has arrived whole');
    const still = await distill('push', '--claim', small.claim, 'three');
    expect(still).toMatchObject({ code: 75 });
    expect(still.stderr).toContain('Copied: 0 files (0 B), 2 were there. Not copied: 1 file (1.70 MB): work/three/c.');
    await small.grow(16_000_000);
    const again = await distill('push', '--claim', small.claim, 'three');
    expect(again.stdout).toBe(
      '1 argument for small: 3 files, 5.10 MB, checked by hash; 2 of them were there already.\n',
    );
    expect(await podsHere()).toEqual([]);
  });

  it('names the claim that is missing, and an image that is not there', async () => {
    expect((await distill('push', '--claim', 'none', 'set')).stderr).toMatch(
      new RegExp(`^DISTILL_E_CLAIM_NOT_FOUND: There is no claim none in the namespace ${namespace.name}\\.`),
    );
    const other = await distill('push', '--claim', CLAIM, 'set', '--image', 'localhost/none:test');
    expect(other).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('localhost/none:test cannot be pulled') as string,
    });
    expect(await podsHere()).toEqual([]);
  });
});

it('report and fetch bring what a job has made', async () => {
  const { metadata, ...rest } = smallest();
  expect((await distill('fetch', metadata.name)).stderr).toContain('DISTILL_E_JOB_NOT_FOUND');
  const job = await ClusterJob.apply({ metadata, ...rest });
  namespace = job.namespace;
  await job.succeeded();
  const fetched = await distill('fetch', job.name);
  expect(fetched.stderr).not.toContain('DISTILL_E');
  expect(fetched.stdout).toContain('multiply-accumulates');
  const names = await readdir(join(folder, job.name, 'student'));
  expect(names).toEqual(expect.arrayContaining(['model.json', 'card.json', 'README.md']));
  expect(await readFile(join(folder, job.name, 'report.html'), 'utf8')).toContain(job.name);
  const { outputs } = job.job.spec;
  const page = await distill('report', job.name, '-o', 'html');
  expect(page.stdout).toBe((await namespace.read(`${outputs.path}/report.html`)).toString());
  expect((await distill('report', job.name)).stdout).toContain('multiply-accumulates');
  const logs = await distill('logs', job.name);
  expect(logs.stdout, logs.stderr).toMatch(/^\[planner\] /m);
  expect(logs.stdout).toMatch(/^\[bin \d\] /m);
  expect((await distill('logs', job.name, '--finalizer', '--tail', '1')).stdout.trimEnd().split('\n')).toHaveLength(1);
  // The student on the volume is no longer what the status says.
  await cp(join(folder, job.name, 'student/README.md'), join(namespace.volume, outputs.path, 'student/model.json'));
  expect((await distill('fetch', job.name)).stderr).toContain('DISTILL_E_TRANSFER_INTEGRITY');
  expect((await readFile(join(folder, job.name, 'student/model.json'), 'utf8')).startsWith('{')).toBe(true);
});
