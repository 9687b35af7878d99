import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import { workerProgress } from '../../../packages/api/test/testing.ts';
import type { LiveProgress } from '@distillation/api/progress';
import type { Role } from '@distillation/api/words';
import { decodeTermination } from '@distillation/api/termination';
import { openClaims } from '@distillation/ledger/claims';
import { type Ledger, openLedger } from '@distillation/ledger/ledger';
import { epochRecord, planOf, trainEpoch } from '../../../packages/ledger/test/worker.ts';
import { type Monitor, startMonitor } from './monitor.ts';
import type { WatchdogLimits } from './watchdog.ts';

const PLAN = planOf('r1', ['first', 'second']);

const PROGRESS = workerProgress({ bin: 1, blocks: ['first'] });

let folder: string;
let ledger: Ledger;
let url = '';
const opened: Monitor[] = [];

/** Serves on a free port of this machine. */
async function serve(role: Role = 'worker', limits?: WatchdogLimits): Promise<Monitor> {
  const monitor = await startMonitor({
    role,
    ...(role === 'worker' && { bin: 1 }),
    folder,
    listen: { host: '127.0.0.1', port: 0 },
    ...(limits !== undefined && { limits }),
    log: (line) => (url = /http:\S+/.exec(line)?.[0] ?? url),
  });
  opened.push(monitor);
  return monitor;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serve-'));
  ledger = await openLedger({ folder, writer: 'bin-1', log: () => undefined });
});
afterEach(async () => {
  for (const monitor of opened.splice(0)) await monitor.close();
  await rm(folder, { recursive: true });
});

test('the whole ledger is told as it is now', async () => {
  await serve();
  const early = await fetch(`${url}/progress`);
  expect([early.status, await early.json()]).toEqual([503, { error: 'There is no plan yet.' }]);

  await ledger.writePlan(PLAN);
  for (const epoch of [1, 2]) {
    await ledger.commitEpoch(epochRecord('first', 0, epoch), trainEpoch('first', 0, undefined));
  }
  const read = async (): Promise<LiveProgress> => (await (await fetch(`${url}/progress`)).json()) as LiveProgress;
  // An answer is cached for half a second.
  await expect.poll(async () => (await fetch(`${url}/progress`)).status).toBe(200);
  await expect.poll(async () => (await read()).blocks[0]?.epoch).toBe(2);
  const live = await read();
  expect(live).toMatchObject({
    version: 1,
    planKey: 'k1',
    blocks: [
      { name: 'first', state: 'Training', epoch: 2, bin: 0, loss: 0.5, seconds: 2 },
      { name: 'second', state: 'Pending', epoch: 0 },
    ],
    workers: [],
    seconds: { useful: 2, redone: 0 },
  });
  expect(live).not.toHaveProperty('finalizer');
});

test('a finalizer tells what it says of itself, not what an earlier one said', async () => {
  await ledger.writePlan(PLAN);
  await ledger.writeFinalizerProgress({ stage: 'FineTune', epochs: 2, updatedAt: Date.now() - 10_000 });
  await serve('finalizer');
  const read = async (): Promise<LiveProgress> => (await (await fetch(`${url}/progress`)).json()) as LiveProgress;
  expect(await read()).not.toHaveProperty('finalizer');
  await ledger.writeFinalizerProgress({ stage: 'Measure', epochs: 2, updatedAt: Date.now() + 1 });
  await expect.poll(async () => (await read()).finalizer?.stage).toBe('Measure');
});

test('a planner tells what it waits for, and that it waits no more', async () => {
  const monitor = await serve('planner');
  const read = async (): Promise<unknown> => (await fetch(`${url}/progress`)).json();
  const idle = { version: 1, role: 'planner', at: expect.any(Number) as number };
  expect(await read()).toEqual(idle);
  monitor.send({ type: 'Awaits', what: 'There is no teacher.' });
  await expect.poll(read).toEqual({ ...idle, awaits: 'There is no teacher.' });
  monitor.send({ type: 'Awaits' });
  await expect.poll(read).toEqual(idle);
});

test('it answers while the main thread computes', async () => {
  const monitor = await serve();
  for (const images of [24, 24, 24]) monitor.batch(images);
  monitor.send({ type: 'Backend', backend: { name: 'native-cpu', tensorflow: '2.9.1', cpuThreads: 1 } });
  // Blocks this thread until the answers have arrived.
  const program = `
    Promise.all(['/healthz', '/metrics', '/progress'].map(async (path) => {
      const answer = await fetch('${url}' + path);
      return answer.status + ' ' + (await answer.text());
    })).then((all) => process.stdout.write(JSON.stringify(all)));`;
  const answers = JSON.parse(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' })) as string[];
  expect(answers[0]).toMatch(/^200 ok: got on \d+ s ago/);
  expect(answers[1]).toMatch(/^200 [^]*distill_worker_info\{.*backend="native-cpu"/);
  expect(answers[2]).toMatch(/^503 /);
});

test('signs that came too fast to be passed on one by one are all counted at the end', async () => {
  const monitor = await serve();
  for (let i = 0; i < 100; i++) monitor.batch(2);
  expect(monitor.silentMs()).toBeLessThan(1000);
  await expect
    .poll(async () => (await fetch(`${url}/metrics`)).text())
    .toMatch(/^distill_worker_images_total\{role="worker",bin="1"\} 200$/m);
});

test('a main thread that only waits, timers running, is found to hang; that is its last word until it gets on', async () => {
  const lastWords = join(folder, 'termination');
  process.env['DISTILL_TERMINATION_LOG'] = lastWords;
  try {
    const monitor = await serve('worker', { runningMs: 400, startingMs: 60_000 });
    const health = async (): Promise<number> => (await fetch(`${url}/healthz`)).status;
    const timer = setInterval(() => undefined, 10);
    // The first batch has not ended yet, so the network may still be compiling.
    monitor.batch(24);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await health()).toBe(200);
    for (let i = 0; i < 2; i++) monitor.batch(24);
    await expect.poll(health).toBe(503);
    await expect.poll(() => readFile(lastWords, 'utf8').catch(() => '')).toContain('DISTILL_E_HUNG');
    expect(decodeTermination(await readFile(lastWords, 'utf8'))).toMatchObject({ type: 'Error', reason: 'WorkerHung' });
    const alive = (): Promise<number> => {
      monitor.alive();
      return health();
    };
    await expect.poll(alive).toBe(200);
    clearInterval(timer);
  } finally {
    delete process.env['DISTILL_TERMINATION_LOG'];
  }
});

test('other paths and methods are refused, and an address that is taken is named', async () => {
  await serve();
  expect((await fetch(`${url}/`)).status).toBe(404);
  expect((await fetch(`${url}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
  const port = Number(new URL(url).port);
  await expect(
    startMonitor({ role: 'planner', folder, listen: { host: '127.0.0.1', port }, log: () => undefined }),
  ).rejects.toMatchObject({ code: 'DISTILL_E_USAGE', message: expect.stringContaining(`127.0.0.1:${port}`) as string });
});

test('without an address nothing is served or sampled, and life is still felt', async () => {
  const monitor = await startMonitor({ role: 'worker', bin: 0, folder, listen: undefined, log: () => undefined });
  monitor.batch(1);
  expect(monitor.silentMs()).toBeLessThan(1000);
  expect(monitor.gpuJoules()).toBeUndefined();
  await monitor.close();
});

test('a worker is alive to others, and tells how far it is, while its main thread computes', async () => {
  const claims = await openClaims({ folder, bin: 1 });
  const monitor = await startMonitor({ role: 'worker', bin: 1, folder, listen: undefined, log: () => undefined });
  opened.push(monitor);
  monitor.send({ type: 'Holder', holder: claims.holder });
  monitor.send({ type: 'Training', progress: PROGRESS });
  // Blocks this thread for two heartbeats while another process watches the files.
  const program = `
    const { readFileSync } = require('node:fs');
    const seen = { beats: new Set(), progress: new Set() };
    const watch = setInterval(() => {
      for (const [what, path] of [['beats', '${join(folder, LAYOUT.holder(1, 1))}'], ['progress', '${join(folder, LAYOUT.progress(1))}']]) {
        try { seen[what].add(readFileSync(path, 'latin1')); } catch {}
      }
      if (seen.beats.size > 2 && seen.progress.size > 2) { clearInterval(watch); process.stdout.write('both went on'); }
    }, 20);`;
  expect(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8', timeout: 600_000 })).toBe('both went on');

  monitor.send({ type: 'Training', progress: { ...PROGRESS, state: 'Done' } });
  await monitor.close();
  expect(await ledger.readProgress(1)).toMatchObject({ state: 'Done', bin: 1 });
});
