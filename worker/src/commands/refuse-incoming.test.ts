import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { announce, arrived } from '../files/incoming.ts';
import { refuseIncoming } from './refuse-incoming.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'incoming-'));
  for (const volume of ['work', 'dataset']) await mkdir(join(root, volume));
});
afterEach(() => rm(root, { recursive: true }));

const look = (): Promise<void> =>
  refuseIncoming(
    { teacherVolume: join(root, 'work'), datasetVolume: join(root, 'dataset') },
    { teacher: { path: 'teachers/vgg/model.json' }, dataset: { path: 'sets/cifar' } },
  );

it.each([
  ['work/teachers/vgg/weights.bin', 'teacher', 'teachers/vgg'],
  ['dataset/sets', 'data', 'sets/cifar'],
])('while %s is on its way, the %s are refused', async (coming, what, subject) => {
  await look();
  await announce(root, [coming]);
  await expect(look()).rejects.toMatchObject({
    code: 'DISTILL_E_INPUTS_INCOMPLETE',
    message: expect.stringContaining(`The ${what} at ${subject}`) as string,
  });
  await arrived(root, [coming]);
  await look();
});

it('other files may be on their way', async () => {
  await announce(root, ['work/sets/cifar', 'dataset/sets/cifar100', 'work/teachers/other']);
  await look();
});
