import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { openBackend } from '../../worker/src/backend/select.ts';
import { idx } from '../../worker/test/data-files.ts';
import { tinyVolume } from '../support/tiny-volume.ts';
import { TINY } from '../support/tiny-world.ts';

/** Which teachers the planner refuses as guessing or as worse than the job says, tested with the whole program on dark and bright images. */

const volume = tinyVolume();

/** A network that answers 1 for a bright image and 0 for a dark one; with `bias`, the same for every image. */
async function writeTeacher(name: string, bias = 0): Promise<void> {
  const { tf } = await openBackend({ cpuThreads: 1 });
  const mean = (filters: number): object => ({ filters, kernelSize: 3, kernelInitializer: tf.initializers.ones() });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...mean(12),
        name: 'conv1',
        inputShape: [TINY.size, TINY.size, 1],
        kernelSize: 3,
        filters: 12,
      }),
      tf.layers.conv2d({ ...mean(12), name: 'conv2', kernelSize: 3, filters: 12 }),
      tf.layers.globalAveragePooling2d({ name: 'pool' }),
      tf.layers.dense({ units: 2, name: 'scores' }),
    ],
  });
  // Two convolutions with weights of one multiply the brightness by 9, and by 108.
  const dense = [
    tf.tensor2d(Array.from({ length: 12 }, () => [-1, 1])),
    tf.tensor1d([6 * 972 + bias, -6 * 972 - bias]),
  ];
  model.getLayer('scores').setWeights(dense);
  await mkdir(join(volume.root, name), { recursive: true });
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const weights = tf.io.CompositeArrayBuffer.join(weightData ?? new ArrayBuffer(0));
      await writeFile(join(volume.root, name, 'weights.bin'), Buffer.from(weights));
      const manifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      const text = JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest: manifest });
      await writeFile(join(volume.root, name, 'model.json'), text);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
}

beforeAll(async () => {
  await writeTeacher('brightness');
  // A bias so large that the answer is 0 for every image.
  await writeTeacher('always-dark', 1e6);
});

interface Samples {
  /** For each split, which images are bright, and which are labelled as bright. */
  readonly bright: (index: number) => boolean;
  readonly label: (index: number) => 0 | 1;
  readonly train: number;
  readonly validation: number;
}

/** Images and labels as the last `validation` samples of an IDX training file. */
async function writeSamples(name: string, { bright, label, train, validation }: Samples): Promise<object> {
  const folder = join(volume.root, name);
  await mkdir(folder, { recursive: true });
  const count = train + validation;
  const area = TINY.size ** 2;
  const pixels = Uint8Array.from({ length: count * area }, (_, i) => (bright(Math.floor(i / area)) ? 230 : 25));
  const labels = Uint8Array.from({ length: count }, (_, index) => label(index));
  for (const prefix of ['train', 't10k']) {
    await writeFile(join(folder, `${prefix}-images-idx3-ubyte`), idx([count, TINY.size, TINY.size], pixels));
    await writeFile(join(folder, `${prefix}-labels-idx1-ubyte`), idx([count], labels));
  }
  return { path: name, validation: { fraction: String(validation / count) } };
}

const isOdd = (index: number): boolean => index % 2 === 1;
const parity = (index: number): 0 | 1 => (isOdd(index) ? 1 : 0);
/** The right label for this many percent, in both classes alike. */
const rightOf = (hundredths: number) => (index: number) =>
  Math.floor(index / 2) % 50 < hundredths / 2 ? parity(index) : parity(index + 1);
/** The right label for every second pair: half of any stretch, in both classes alike. */
const everySecond = (index: number): 0 | 1 => parity(Math.floor(index / 2) % 2 === 0 ? index : index + 1);
const isRare = (index: number): boolean => index % 20 === 7;

const many = { train: 200, validation: 200 };

it.each([
  [
    '70 % of two classes, where always the same would be 50 %',
    'brightness',
    { ...many, bright: isOdd, label: rightOf(70) },
  ],
  [
    'a rare class found, and often where it is not: less right than never to say it',
    'brightness',
    { ...many, bright: (index) => isRare(index) || index % 10 === 4, label: (index) => (isRare(index) ? 1 : 0) },
  ],
  [
    'half of eight, which may be bad luck, of a teacher that is right in training',
    'brightness',
    { train: 200, validation: 8, bright: isOdd, label: (index) => (index < 200 ? parity(index) : everySecond(index)) },
  ],
] satisfies [string, string, Samples][])('goes on with %s', async (what, teacher, samples) => {
  const name = what.slice(0, 8).replaceAll(/\W/g, '-');
  const dataset = await writeSamples(`data-${name}`, samples);
  const { code, stderr } = await volume.plan(name, {
    teacher: { path: `${teacher}/model.json` },
    dataset,
  });
  expect(stderr).not.toContain('DISTILL_E_');
  expect(code).toBe(0);
});

it.each([
  ['coin', '50 % of two classes', 'brightness', { ...many, bright: isOdd, label: everySecond }, 'is 50.00 %'],
  [
    'same',
    'always the same, right for 95 %',
    'always-dark',
    { train: 400, validation: 400, bright: isRare, label: (index) => (isRare(index) ? 1 : 0) },
    'the same class for every image',
  ],
  [
    'few',
    'half of eight, and of the training samples',
    'brightness',
    { train: 200, validation: 8, bright: isOdd, label: everySecond },
    'train samples',
  ],
] satisfies [string, string, string, Samples, string][])('refuses %s: %s', async (...refused) => {
  const [name, , teacher, samples, words] = refused;
  const dataset = await writeSamples(`data-${name}`, samples);
  const { code, stderr } = await volume.plan(name, {
    teacher: { path: `${teacher}/model.json` },
    dataset,
  });
  expect(stderr).toContain('DISTILL_E_TEACHER_ACCURACY');
  expect(stderr).toContain(words);
  expect(code).toBe(65);
});

it('refuses one that is clearly worse than the job expects, and takes one that is as good, before anything is trained', async () => {
  const dataset = await writeSamples('data-expected', { ...many, bright: isOdd, label: rightOf(70) });
  const plan = (name: string, expectedAccuracy: string) =>
    volume.plan(name, { teacher: { path: 'brightness/model.json', expectedAccuracy }, dataset });

  const refused = await plan('hoped', '0.9');
  expect(refused.stderr).toContain('DISTILL_E_TEACHER_BELOW_EXPECTED');
  expect(refused.stderr).toContain('70.00 % of 200 validation samples, where 90.00 % are expected');
  expect(refused.stderr).toContain('spec.teacher.preprocessing');
  expect(refused.code).toBe(65);

  expect(await plan('known', '0.75')).toMatchObject({ code: 0 });
});
