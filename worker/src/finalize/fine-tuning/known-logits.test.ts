import type { AugmentationSpec } from '@distillation/api/job';
import { expect, test } from 'vitest';
import { batchesOf, CLASSES, patchSamples, tinyModel } from '../../../test/finalize.ts';
import { openBackend } from '../../backend/select.ts';
import { drawChange } from '../../data/augment.ts';
import { imageTensor, type TrainingBatch } from '../measuring/batches.ts';
import { logitsOf } from '../measuring/logits.ts';
import { knownLogits, timesAsked } from './known-logits.ts';

const { tf } = await openBackend({ cpuThreads: 1 });
const samples = patchSamples('train', 64);
const teacher = tinyModel(tf);
const [whole] = await collect(batchesOf(samples, 64));

async function collect(batches: AsyncIterable<TrainingBatch>): Promise<TrainingBatch[]> {
  const all: TrainingBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

const augmentation = (changes: Partial<AugmentationSpec>): AugmentationSpec => ({
  flipHorizontal: 'Disabled',
  flipVertical: 'Disabled',
  cropPadding: 0,
  rotateDegrees: 0,
  ...changes,
});
const BOTH = augmentation({ flipHorizontal: 'Enabled', flipVertical: 'Enabled' });
const ask = (batches = () => batchesOf(samples, 32), spec?: AugmentationSpec) =>
  knownLogits(tf, {
    teacher,
    outputs: 'Logits',
    classes: CLASSES,
    samples: samples.labels.length,
    batches,
    ...(spec && { augmentation: spec }),
  });

test.each([
  { title: 'as they are', changes: {}, times: 1 },
  { title: 'flipped', changes: { flipHorizontal: 'Enabled' }, times: 2 },
  { title: 'flipped both ways', changes: { flipHorizontal: 'Enabled', flipVertical: 'Enabled' }, times: 4 },
  { title: 'cropped', changes: { cropPadding: 4 }, times: undefined },
  { title: 'rotated', changes: { flipVertical: 'Enabled', rotateDegrees: 5 }, times: undefined },
] as const)('the teacher can be asked $times times about images $title', ({ changes, times }) => {
  expect(timesAsked(augmentation(changes))).toBe(times);
});

test('without augmentation it is asked once', () => {
  expect(timesAsked(undefined)).toBe(1);
});

test('images that come flipped get what the teacher says about them flipped', async () => {
  const known = await ask(undefined, BOTH);
  const at = { seed: 3, epoch: 2 };
  const ids = Uint32Array.of(40, 7, 12, 33, 0, 63, 21, 5, 6, 50, 51, 9);
  const logits = logitsOf(tf, teacher, 'Logits');
  const expected = [...ids].flatMap((sample) => {
    const { flipHorizontal, flipVertical } = drawChange(BOTH, { ...at, sample });
    const axes = [...(flipVertical ? [1] : []), ...(flipHorizontal ? [2] : [])];
    return tf.tidy(() => {
      if (whole === undefined) throw new Error('no batch');
      const image = imageTensor(tf, teacher, whole).gather([sample]);
      return [...logits.run(axes.length === 0 ? image : tf.reverse(image, axes), { training: false }).dataSync()];
    });
  });
  logits.release();
  const found = [...known({ sampleIds: ids }, at)];
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? NaN, 4);
  });
  // Each of the four ways is among them, and they differ.
  const ways = new Set(
    [...ids].map((sample) => JSON.stringify({ ...drawChange(BOTH, { ...at, sample }), top: 0, left: 0 })),
  );
  expect(ways.size).toBe(4);
  expect([...known({ sampleIds: ids }, { seed: 3, epoch: 5 })]).not.toEqual(found);
});

test('an image that it was not asked about is an error that names it', async () => {
  const known = await ask(() => batchesOf(patchSamples('train', 32), 32));
  expect(() => known({ sampleIds: Uint32Array.of(40) }, { seed: 0, epoch: 1 })).toThrow('image 40');
});
