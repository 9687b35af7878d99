import { cp, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERRORS, type ErrorCode } from '@distillation/api/errors';
import { idx, writeImages } from '../../worker/test/data-files.ts';
import { fixtureBytes } from '../../worker/test/teacher.ts';
import { exists, type Ended } from '../support/cli.ts';
import { type Change, tinyVolume } from '../support/tiny-volume.ts';
import { TINY } from '../support/tiny-world.ts';

/** Bad input ends the job at once, with a code, the offending value and the fix; nothing is retried and nothing is lost. */

const volume = tinyVolume();

function expectRefused({ code, stderr }: Ended, error: ErrorCode, named: readonly string[]): void {
  expect({ code, stderr }).toMatchObject({ code: 65 });
  expect(stderr).toContain(`${error}: `);
  // What is empty, and so what to do about it, depends on the case.
  if (error !== 'DISTILL_E_DATASET_EMPTY') expect(stderr).toContain(ERRORS[error].fix);
  for (const words of named) expect(stderr).toContain(words);
}

describe('a manifest with', () => {
  const MANIFESTS: readonly (readonly [string, Change, string[]])[] = [
    ['an unknown field', { training: { epoch: 3 } }, ['spec.training.epoch', 'epochs']],
    ['a wrong type', { training: { epochs: 'three' } }, ['spec.training.epochs', 'three']],
    ['an unknown value', { scheduling: { policy: 'Fastest' } }, ['spec.scheduling.policy', 'Fastest', 'WorkStealing']],
    ['contradicting fields', { selection: { minAccuracy: '0.5' } }, ['spec.selection.minAccuracy', 'maxAccuracyDrop']],
  ];

  it.each(MANIFESTS)('%s is refused before anything is written', async (_, change, named) => {
    expectRefused(await volume.run('manifest', { change }), 'DISTILL_E_MANIFEST_INVALID', named);
    expect(await exists(volume.path('manifest'))).toBe(false);
  });
});

async function teacherFile(name: string, bytes: Uint8Array): Promise<Change> {
  await writeFile(join(volume.root, name), bytes);
  return { teacher: { path: name } };
}

/** The tiny teacher in another folder, with changed weights. */
async function teacherWith(name: string, damage: (weights: string) => Promise<void>): Promise<Change> {
  await cp(join(volume.root, 'teacher'), join(volume.root, name), { recursive: true });
  await damage(join(volume.root, name, 'weights.bin'));
  return { teacher: { path: `${name}/model.json` } };
}

/** A data set of grey noise: images of `size` x `size` pixels, with these labels in both splits. */
async function idxData(name: string, size: number, labels: readonly number[]): Promise<Change> {
  const folder = join(volume.root, name);
  await mkdir(folder, { recursive: true });
  const pixels = new Uint8Array(labels.length * size * size);
  for (const prefix of ['train', 't10k']) {
    await writeFile(join(folder, `${prefix}-images-idx3-ubyte`), idx([labels.length, size, size], pixels));
    await writeFile(join(folder, `${prefix}-labels-idx1-ubyte`), idx([labels.length], Uint8Array.from(labels)));
  }
  return { dataset: { path: name } };
}

async function imageData(name: string, files: readonly string[], broken: readonly string[] = []): Promise<Change> {
  const folder = join(volume.root, name);
  await writeImages(folder, files, { height: TINY.size, width: TINY.size, channels: 1 });
  for (const file of broken) await writeFile(join(folder, file), 'no image');
  return { dataset: { path: name, format: 'ImageFolder' } };
}

const classFiles = (classes: number, each: number): string[] =>
  Array.from({ length: classes * each }, (_, i) => `train/class-${i % classes}/${i}.png`);
const inTurn = (count: number): number[] => Array.from({ length: count }, (_, i) => i % TINY.classes);

const INPUTS: readonly (readonly [string, ErrorCode, () => Change | Promise<Change>, string[]])[] = [
  ['no teacher', 'DISTILL_E_TEACHER_MISSING', () => ({ teacher: { path: 'nowhere.h5' } }), ['nowhere.h5']],
  [
    'a cut teacher',
    'DISTILL_E_TEACHER_CORRUPT',
    () => teacherWith('cut-teacher', async (path) => truncate(path, (await readFile(path)).length - 100)),
    ['weights.bin'],
  ],
  [
    'a damaged teacher',
    'DISTILL_E_TEACHER_CORRUPT',
    async () => teacherFile('damaged.h5', (await fixtureBytes('sequential.h5')).subarray(0, 3000)),
    ['damaged.h5'],
  ],
  [
    'a teacher with a Lambda layer',
    'DISTILL_E_TEACHER_LAYER',
    async () => teacherFile('lambda.keras', await fixtureBytes('refused-lambda.keras')),
    ['Lambda'],
  ],
  [
    'a teacher of two inputs',
    'DISTILL_E_TEACHER_SHAPE',
    async () => teacherFile('two.keras', await fixtureBytes('refused-two-inputs.keras')),
    ['2'],
  ],
  ['images of another shape', 'DISTILL_E_DATASET_SHAPE', () => idxData('small', 10, inTurn(80)), ['10x10', '12x12']],
  ['a label too many', 'DISTILL_E_DATASET_LABEL', () => idxData('labels', TINY.size, [...inTurn(80), 7]), ['80', '7']],
  ['another number of classes', 'DISTILL_E_DATASET_CLASSES', () => imageData('three', classFiles(3, 9)), ['3', '4']],
  ['no data set', 'DISTILL_E_DATASET_MISSING', () => ({ dataset: { path: 'no-data' } }), ['no-data']],
  [
    'an empty class',
    'DISTILL_E_DATASET_EMPTY',
    async () => {
      await mkdir(join(volume.root, 'empty/train/class-3'), { recursive: true });
      return imageData('empty', classFiles(3, 9));
    },
    ['train/class-3', 'Put pictures of the class there, or remove the folder.'],
  ],
  [
    'no sample to select by',
    'DISTILL_E_DATASET_EMPTY',
    () => ({ dataset: { validation: { fraction: '0.0001' } } }),
    ['The validation split has no sample', '`split: Train`'],
  ],
  [
    'more unreadable images than allowed',
    'DISTILL_E_DATASET_UNREADABLE_IMAGES',
    () => imageData('broken', classFiles(4, 9), ['train/class-1/1.png', 'train/class-2/2.png']),
    ['train/class-1/1.png'],
  ],
  [
    'a teacher that sees other pixels than it was trained on',
    'DISTILL_E_TEACHER_ACCURACY',
    () => ({ teacher: { preprocessing: { mode: 'Custom', scale: '0.0001', mean: ['9'], std: ['0.01'] } } }),
    ['%', 'chance is 25.00 %', 'spec.teacher.preprocessing'],
  ],
  [
    'no layer to replace',
    'DISTILL_E_NO_CANDIDATE',
    () => ({ blocks: { include: ['scores'] } }),
    ['spec.blocks.include'],
  ],
];

describe('a job with', () => {
  it.each(INPUTS)('%s is refused by the planner', async (...input) => {
    const [what, error, prepare, named] = input;
    expectRefused(await volume.plan(what.replaceAll(' ', '-'), await prepare()), error, named);
  });

  it('bad input ends a run at once: the planner is not tried again', async () => {
    const ended = await volume.run('no-teacher', { change: { teacher: { path: 'nowhere.h5' } } });
    expectRefused(ended, 'DISTILL_E_TEACHER_MISSING', ['nowhere.h5']);
    expect((await volume.files('no-teacher', 'holders')).length).toBe(0);
  });

  it('few unreadable images goes on without them, counted and named', async () => {
    const files = Array.from({ length: 60 }, (_, i) => `train/${String(i).padStart(2, '0')}.png`);
    await imageData('unlabelled', files);
    // A PNG by its first bytes, so that the defect is found only when it is decoded.
    await truncate(join(volume.root, 'unlabelled/train/07.png'), 60);
    const change = {
      dataset: { path: 'unlabelled', format: 'UnlabelledFolder', labels: 'None', maxUnreadable: 1 },
      blocks: { include: ['conv3'] },
      training: { epochs: 8 },
      scheduling: { bins: 1 },
      selection: { rule: 'AllTrained', maxAccuracyDrop: undefined },
      fineTuning: { epochs: 1, labels: 'None', teacherLogits: {} },
    };
    await volume.finish('few-unreadable', { change });
    const log = await readFile(volume.path('few-unreadable', 'logs/bin-0.log'), 'utf8');
    expect(log).toContain('1 unreadable image left out, the first train/07.png');
  });
});
