import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '@distillation/api/report';
import { openBackend } from '../../worker/src/backend/select.ts';
import { loadTeacher } from '../../worker/src/teacher/load.ts';
import { saveWithTfjs } from '../../worker/test/teacher.ts';
import { randomStream } from '@distillation/core/random';
import type { StudentCard } from '../../worker/src/finalize/student/card.ts';
import type { io, LayersModel, Tensor } from '@tensorflow/tfjs';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { tinyVolume } from '../support/tiny-volume.ts';

/** A whole job by the real program, with a classifier of two classes that outputs one number, on folders of images. */

const SIDE = 12;
const CLASSES = ['above', 'below'] as const;
const COUNTS = { train: 120, test: 61 } as const;

const volume = tinyVolume();
const { tf } = await openBackend({ cpuThreads: 1 });
let teacher: LayersModel;

/** Noise with a bright patch in the upper or lower half; some images of the second class have none. */
function picture(split: string, label: number, index: number): Uint8Array {
  const stream = randomStream('two-classes', split, label, index);
  const top = (label === 0 ? 1 : 7) + stream.below(2);
  const left = 1 + stream.below(8);
  const isFaint = index % 7 === 3;
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [y, x] = [Math.floor(i / SIDE), i % SIDE];
    const inside = y >= top && y < top + 3 && x >= left && x < left + 3;
    return stream.below(130) + (inside ? (isFaint ? 20 : 110) : 0);
  });
}

interface Pictures {
  readonly images: Float32Array;
  readonly labels: readonly number[];
}

/** The images of a split with values in 0..1, more of the first class than of the second. */
function pictures(split: keyof typeof COUNTS): Pictures {
  const labels = Array.from({ length: COUNTS[split] }, (_, i) => (i % 5 < 3 ? 0 : 1));
  const images = labels.flatMap((label, i) => Array.from(picture(split, label, i), (value) => value / 255));
  return { images: Float32Array.from(images), labels };
}

beforeAll(async () => {
  for (const split of ['train', 'test'] as const) {
    for (const name of CLASSES) await mkdir(join(volume.root, 'pictures', split, name), { recursive: true });
    for (const [i, label] of pictures(split).labels.entries()) {
      const raw = { width: SIDE, height: SIDE, channels: 1 } as const;
      const png = await sharp(picture(split, label, i), { raw })
        .png()
        .toBuffer();
      await writeFile(join(volume.root, 'pictures', split, CLASSES[label as 0 | 1], `${i}.png`), png);
    }
  }
  teacher = tf.sequential({
    layers: [
      tf.layers.conv2d({ name: 'first', filters: 8, kernelSize: 3, activation: 'relu', inputShape: [SIDE, SIDE, 1] }),
      tf.layers.conv2d({ name: 'second', filters: 12, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({ name: 'score', units: 1, activation: 'sigmoid' }),
    ],
  });
  for (const weight of teacher.weights) {
    const stream = randomStream('two-classes', weight.originalName);
    const shape = weight.shape.map(Number);
    const size = shape.reduce((product, length) => product * length, 1);
    const scale = shape.length === 1 ? 0 : Math.sqrt((2 * (shape.at(-1) ?? 1)) / size);
    const values = Float32Array.from({ length: size }, () => scale * stream.normal());
    tf.tidy(() => {
      weight.write(tf.tensor(values, shape));
    });
  }
  teacher.compile({ optimizer: tf.train.adam(0.01), loss: 'binaryCrossentropy' });
  const { images, labels } = pictures('train');
  const [x, y] = [tf.tensor4d(images, [labels.length, SIDE, SIDE, 1]), tf.tensor2d([...labels], [labels.length, 1])];
  for (let step = 0; step < 40; step++) await teacher.trainOnBatch(x, y);
  tf.dispose([x, y]);
  const folder = await saveWithTfjs(tf, teacher);
  await mkdir(join(volume.root, 'sigmoid'));
  for (const name of ['model.json', 'weights.bin']) {
    await writeFile(join(volume.root, 'sigmoid', name), await readFile(join(folder, name)));
  }
});

function outputs(model: LayersModel, { images, labels }: Pictures): number[][] {
  return tf.tidy(() => {
    const x = tf.tensor4d(images, [labels.length, SIDE, SIDE, 1]);
    return (model.apply(x, { training: false }) as Tensor).arraySync() as number[][];
  });
}

const share = (right: readonly boolean[]): number => right.filter(Boolean).length / right.length;

it('gives the numbers that anybody finds, and a student of both classes that is read as such', async () => {
  const job = 'two-classes';
  await volume.finish(job, {
    change: {
      teacher: { path: 'sigmoid' },
      dataset: { path: 'pictures', format: 'ImageFolder', batchSize: 6 },
      training: { epochs: 8 },
      fineTuning: { freeze: [] },
    },
  });
  const report = JSON.parse(await readFile(volume.path(job, 'report.json'), 'utf8')) as Report;
  const card = JSON.parse(await readFile(volume.path(job, 'student', 'card.json'), 'utf8')) as StudentCard;
  const test = pictures('test');

  const said = outputs(teacher, test).map(([score = NaN], i) => (score > 0.5 ? 1 : 0) === test.labels[i]);
  expect(share(said)).toBeGreaterThan(0.6);
  expect(report.teacher.testAccuracy).toBeCloseTo(share(said), 10);

  const folder = volume.path(job, 'student');
  const json = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as io.ModelJSON;
  const [group] = json.weightsManifest;
  const weights = await Promise.all((group?.paths ?? []).map((path) => readFile(join(folder, path))));
  const student = await tf.loadLayersModel({
    load: () =>
      Promise.resolve({
        modelTopology: json.modelTopology,
        weightSpecs: group?.weights ?? [],
        weightData: new Uint8Array(Buffer.concat(weights)).buffer,
      }),
  });
  const scores = outputs(student, test);
  for (const [first = NaN, second = NaN] of scores) expect(first + second).toBeCloseTo(1, 5);
  const right = scores.map(([first = 0, second = 0], i) => (second > first ? 1 : 0) === test.labels[i]);
  expect(report.student.testAccuracy).toBeCloseTo(share(right), 10);

  // The student must contain exactly the blocks that pass the threshold when it is computed again here.
  const { threshold, blocks } = report;
  expect(blocks.map(({ name }) => name)).toEqual(['second']);
  expect(threshold?.accuracy).toBeCloseTo((report.teacher.validationAccuracy ?? NaN) - 0.5, 1);
  for (const { selected, accuracy = NaN } of blocks) expect(selected).toBe(accuracy >= (threshold?.accuracy ?? NaN));
  expect(blocks.some(({ selected }) => selected)).toBe(true);

  expect(card.output).toEqual({ kind: 'Probabilities', classes: CLASSES });
  const again = await loadTeacher(tf, { path: folder });
  expect(again).toMatchObject({ classes: 2, outputs: 'Probabilities' });
  // The layer that turns one score into two is not trained, and is recognised when the student is read back.
  expect(again.graph.layers.get('two_classes')).toMatchObject({ origin: 'TwoClasses', config: { trainable: false } });
  const [kernel] = again.model.getLayer('two_classes').getWeights();
  expect(Array.from(kernel?.dataSync() ?? [])).toEqual([0, 1]);
});
