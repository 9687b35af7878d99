import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announce, arrived } from '../files/incoming.ts';
import { awaitInputs } from './await-inputs.ts';

let root: string;
/** What the planner says of itself, in turn. */
let said: (string | undefined)[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'inputs-'));
  said = [];
  for (const volume of ['work', 'dataset']) await mkdir(join(root, volume));
});
afterEach(() => rm(root, { recursive: true }));

const TEACHER = 'work/teachers/vgg/model.json';
const DATA = 'dataset/sets/cifar';

async function put(...names: readonly string[]): Promise<void> {
  if (names.includes(TEACHER)) {
    await mkdir(join(root, 'work/teachers/vgg'), { recursive: true });
    await writeFile(join(root, TEACHER), '{}');
  }
  if (names.includes(DATA)) await mkdir(join(root, DATA), { recursive: true });
}

const look = (deadlineSeconds = 0): Promise<void> =>
  awaitInputs(
    { teacherVolume: join(root, 'work'), datasetVolume: join(root, 'dataset') },
    { teacher: { path: 'teachers/vgg/model.json' }, dataset: { path: 'sets/cifar' } },
    {
      deadlineSeconds,
      monitor: {
        alive: () => undefined,
        send: (message) => {
          if (message.type === 'Awaits') said.push(message.what);
        },
      },
      log: () => undefined,
      lookMs: 5,
    },
  );

const isTold = (what: RegExp): Promise<void> => expect.poll(() => said.at(-1), { interval: 5 }).toMatch(what);

describe('without a deadline', () => {
  it.each([
    ['work/teachers/vgg/weights.bin', 'teacher', 'teachers/vgg'],
    ['dataset/sets', 'data', 'sets/cifar'],
  ])('while %s is on its way, the %s are refused', async (coming, what, subject) => {
    await put(TEACHER, DATA);
    await look();
    await announce(root, [coming]);
    await expect(look()).rejects.toMatchObject({
      code: 'DISTILL_E_INPUTS_INCOMPLETE',
      message: expect.stringContaining(`The ${what} at ${subject}`) as string,
    });
    await arrived(root, [coming]);
    await look();
  });

  it('what is not there is refused at once, and nothing is said of waiting', async () => {
    await put(DATA);
    await expect(look()).rejects.toMatchObject({ code: 'DISTILL_E_TEACHER_MISSING' });
    await put(TEACHER);
    await rm(join(root, DATA), { recursive: true });
    await expect(look()).rejects.toMatchObject({ code: 'DISTILL_E_DATASET_MISSING' });
    expect(said).toEqual([]);
  });

  it('other files may be on their way', async () => {
    await put(TEACHER, DATA);
    await announce(root, ['work/sets/cifar', 'dataset/sets/cifar100', 'work/teachers/other']);
    await look();
  });
});

describe('with a deadline', () => {
  it('it waits for one after the other, says for which, and goes on when all has come', async () => {
    const waiting = look(3600);
    await isTold(/There is no teacher at \S+teachers\/vgg\/model\.json\..* There is no \S+sets\/cifar\./);
    await put(TEACHER);
    await isTold(/^There is no \S+sets\/cifar\./);
    await announce(root, [DATA]);
    await put(DATA);
    await isTold(/^The data at sets\/cifar are not all there/);
    await arrived(root, [DATA]);
    await waiting;
    expect(said.at(-1)).toBeUndefined();
  });

  it('when it is over the fault is the same, and says how long it was waited for', async () => {
    await put(DATA);
    await expect(look(0.05)).rejects.toMatchObject({
      code: 'DISTILL_E_TEACHER_MISSING',
      message: expect.stringMatching(
        /^There is no teacher .* It was waited for during 0\.1 s, as spec\.cluster/,
      ) as string,
    });
  });

  it.each([
    ['an unpacked archive for a teacher', 'work/teachers/vgg/model.json/model.weights.h5', 'DISTILL_E_TEACHER_FORMAT'],
    ['a file where the data should have a folder above', 'dataset/sets', 'DISTILL_E_DATASET_MISSING'],
  ])('what does not mend by waiting fails at once: %s', async (_, file, code) => {
    await mkdir(join(root, file, '..'), { recursive: true });
    await writeFile(join(root, file), '');
    await expect(look(3600)).rejects.toMatchObject({ code });
  });
});
