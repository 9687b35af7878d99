import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import type { BinSchedule } from '@distillation/api/plan';
import { type Ledger, openLedger } from '@distillation/ledger/ledger';
import { adoptSchedule } from './schedule-file.ts';

const schedule: BinSchedule = {
  version: 1,
  policy: 'RoundRobin',
  passes: 'Fused',
  bins: [{ index: 0, blocks: ['a'], cost: 1 }],
  makespan: 1,
  lowerBound: 1,
};

let folder: string;
let ledger: Ledger;
const file = (): string => join(folder, 'given.json');
const given = (text: string): Promise<void> => writeFile(file(), text);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schedule-'));
  ledger = await openLedger({ folder: join(folder, 'job'), writer: 'bin-0', log: () => undefined });
});
afterEach(() => rm(folder, { recursive: true }));

test('the schedule given is put on the volume, and again only when it differs', async () => {
  await given(JSON.stringify(schedule));
  await adoptSchedule(ledger, file());
  expect(await ledger.readSchedule()).toEqual(schedule);
  const { ino } = await stat(ledger.path(LAYOUT.schedule));
  await given(JSON.stringify(schedule, null, 2));
  await adoptSchedule(ledger, file());
  expect((await stat(ledger.path(LAYOUT.schedule))).ino).toBe(ino);

  const wider = { ...schedule, bins: [...schedule.bins, { index: 1, blocks: ['b'], cost: 1 }] };
  await given(JSON.stringify(wider));
  await adoptSchedule(ledger, file());
  expect(await ledger.readSchedule()).toEqual(wider);
});

test('without one the volume’s stands', async () => {
  await ledger.writeSchedule(schedule);
  await adoptSchedule(ledger, undefined);
  expect(await ledger.readSchedule()).toEqual(schedule);
});

test.each([
  ['not there', undefined, /ENOENT/],
  ['no JSON', '{"version":1', /cannot be read/],
  ['something else', '{"version":1,"bins":[{"index":0}]}', /holds no schedule/],
])('one that is %s is refused by name, and nothing is written', async (...[, text, message]) => {
  if (text !== undefined) await given(text);
  await expect(adoptSchedule(ledger, file())).rejects.toMatchObject({
    code: 'DISTILL_E_USAGE',
    message: expect.stringMatching(message) as string,
  });
  expect(await ledger.readSchedule()).toBeUndefined();
});
