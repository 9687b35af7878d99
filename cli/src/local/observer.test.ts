import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ledger } from '@distillation/ledger/ledger';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hasStopped, stopped } from './verbs/watch.ts';
import { decisive, type EndedInError, lastFailure, Observer } from './observer.ts';

let folder: string;
let ledger: Ledger;

/** Writes a file of the job as if so many seconds ago. */
async function written(name: string, secondsAgo: number, text = '{}'): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, text);
  const time = new Date(Date.now() - secondsAgo * 1000);
  await utimes(path, time, time);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distill-observer-'));
  await mkdir(join(folder, 'progress'));
  await mkdir(join(folder, 'logs'));
  ledger = new Ledger({ folder, writer: 'test', log: () => undefined });
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

it('considers a process alive that has written recently or writes now, and left no termination message', async () => {
  await written('progress/bin-0.json', 1);
  await written('progress/bin-1.json', 300);
  await written('logs/planner.log', 2);
  await written('logs/planner.termination', 1);
  const observer = new Observer(ledger);
  await observer.look();
  const states = (): string[] => ['bin-0', 'bin-1', 'bin-2', 'planner'].map((role) => observer.state(role).state);
  expect(states()).toEqual(['Running', 'Idle', 'Idle', 'Idle']);
  // The clock of the volume may be wrong: a change counts whatever its time.
  await written('progress/bin-1.json', 200);
  await observer.look();
  expect(states()).toEqual(['Running', 'Running', 'Idle', 'Idle']);
});

it('recognizes an ended process by its termination message, even with a later log, and a new run by its absence', async () => {
  await written('logs/planner.termination', 2);
  await written('logs/planner.log', 1);
  const observer = new Observer(ledger);
  await observer.look();
  expect(observer.state('planner').state).toBe('Idle');
  await rm(join(folder, 'logs/planner.termination'));
  await observer.look();
  expect(observer.state('planner').state).toBe('Running');
});

it('reports how long nothing has happened', async () => {
  const observer = new Observer(ledger);
  await observer.look();
  expect(observer.quietSeconds()).toBeUndefined();
  await written('logs/bin-0.log', 100);
  await written('progress/bin-0.json', 40);
  await observer.look();
  expect(observer.quietSeconds()).toBeGreaterThanOrEqual(40);
  expect(observer.quietSeconds()).toBeLessThan(60);
});

const failed = (message: string, code = 'DISTILL_E_DISK_FULL', reason = 'DiskFull'): string =>
  JSON.stringify({ type: 'Error', code, reason, message, fix: 'free it' });

it('finds the last error, and none in a message of success', async () => {
  expect(await lastFailure(ledger)).toBeUndefined();
  await written('logs/planner.termination', 1, '{"type":"Planned","plan":{}}');
  expect(await lastFailure(ledger)).toBeUndefined();
  await written('logs/bin-0.termination', 9, failed('old'));
  await written('logs/bin-1.termination', 5, failed('new'));
  await written('logs/bin-2.termination', 0, 'half a lin');
  expect(await lastFailure(ledger)).toMatchObject({ role: 'bin-1', message: 'new', fix: 'free it' });
});

it('repeats the error of a bin, not the stop of the other that followed from it', async () => {
  await written('job.manifest.json', 60);
  await written('logs/bin-1.termination', 9, failed('bad image', 'DISTILL_E_DATASET_UNREADABLE_IMAGES', 'Unreadable'));
  await written('logs/bin-0.termination', 5, failed('told to stop', 'DISTILL_E_STOPPED', 'Stopped'));
  expect(await lastFailure(ledger)).toMatchObject({ role: 'bin-1', code: 'DISTILL_E_DATASET_UNREADABLE_IMAGES' });
  // Started again with fewer bins, and then stopped by somebody: what bin 1 once said is not why.
  await written('job.manifest.json', 7);
  expect(await lastFailure(ledger)).toMatchObject({ role: 'bin-0', code: 'DISTILL_E_STOPPED' });
});

it('tells the cause from the stops that it brought about, and one error from an earlier one', () => {
  const ended = (role: string, code: string, modifiedMs: number): EndedInError => ({
    modifiedMs,
    failure: { role, code, message: '', fix: '', logFile: '' },
  });
  const cause = ended('bin-1', 'DISTILL_E_DISK_FULL', 10);
  const stop = ended('bin-0', 'DISTILL_E_STOPPED', 12);
  expect(decisive([])).toBeUndefined();
  expect(decisive([stop])?.role).toBe('bin-0');
  for (const both of [
    [cause, stop],
    [stop, cause],
  ]) {
    expect(decisive(both)?.role).toBe('bin-1');
    expect(decisive(both, 10)?.role).toBe('bin-1');
    expect(decisive(both, 11)?.role).toBe('bin-0');
  }
  expect(decisive([cause, stop, ended('bin-2', 'DISTILL_E_VOLUME_IO', 11)])?.role).toBe('bin-2');
});

const summary = { working: [], folder: '/v/jobs/tiny', resume: 'run it' };

it('gives up watching soon after an error, else late, and at once where nothing began', () => {
  const failure = { role: 'bin-0', code: 'X', message: '', fix: '', logFile: '' };
  const gaveUp = (more: object): boolean => hasStopped({ summary: { ...summary, ...more } });
  expect(gaveUp({})).toBe(true);
  expect(gaveUp({ quietSeconds: 20 })).toBe(false);
  expect(gaveUp({ quietSeconds: 20, failure })).toBe(true);
  expect(gaveUp({ quietSeconds: 5, failure })).toBe(false);
  expect(gaveUp({ quietSeconds: 600 })).toBe(true);
});

it('calls it no failure to watch what has not begun', () => {
  const fix = 'Start it by `run it`.';
  expect(stopped(summary)).toMatchObject({
    code: 'DISTILL_E_USAGE',
    message: expect.stringMatching(/not been started in \/v\/jobs\/tiny\. .*--volume\.$/) as string,
    fix,
  });
  expect(stopped({ ...summary, quietSeconds: 600, onlyPlanned: true })).toMatchObject({
    code: 'DISTILL_E_USAGE',
    message: 'There is nothing to watch. This job is planned, not begun.',
    fix,
  });
});

it('knows whether anything has lived since the planner', async () => {
  const seen = async (): Promise<boolean> => {
    const observer = new Observer(ledger);
    await observer.look();
    return observer.sawLifeAfter('planner');
  };
  expect(await seen()).toBe(false);
  await written('logs/planner.log', 30);
  await written('logs/bin-0.log', 90);
  expect(await seen()).toBe(false);
  await written('logs/bin-0.log', 20);
  expect(await seen()).toBe(true);
});
