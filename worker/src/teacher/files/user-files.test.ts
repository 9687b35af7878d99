import { expect, test } from 'vitest';
import { loadTeacher, type Teacher } from '../load.ts';
import { bundled } from '../../../test/teacher-files.ts';
import { testTf } from '../../../test/teacher.ts';

const tf = await testTf();

async function load(file: string): Promise<Teacher> {
  return loadTeacher(tf, { path: await bundled(file) });
}

test.each([
  ['own-dropout.keras', ['"own" is of a class of your own, Dropout,']],
  ['own-activation.keras', ['"with_own" is of a class of your own, LeakyReLU,']],
  ['own-sequential.keras', ['"own" is of a class of your own, Sequential,']],
  ['own-functional.keras', ['"network" is of a class of your own, Functional,']],
  ['registered-dropout.keras', ['"own" is of a class of your own, Custom>Dropout,']],
  ['registered-dropout.h5', ['"own" is of a class of your own, Custom>Dropout,']],
  ['bytes-times.keras', ['computes multiply of whole numbers', 'Cast its input to float32']],
  ['bytes-times.h5', ['computes multiply of whole numbers']],
  ['bytes-less.keras', ['computes subtract of whole numbers']],
  ['bytes-less.h5', ['computes subtract of whole numbers']],
  ['bytes-negative.keras', ['computes negative of whole numbers']],
  ['bytes-negative.h5', ['computes negative of whole numbers']],
  ['bytes-added.keras', ['"added"', 'computes add of whole numbers']],
  ['infinite-slope.keras', ['"leaky"', 'negative_slope="Infinity"', 'Use a number.']],
])('%s is refused by name', async (file, texts) => {
  const attempt = load(`refused-${file}`);
  await expect(attempt).rejects.toMatchObject({ code: 'DISTILL_E_TEACHER_LAYER' });
  for (const text of texts) await expect(attempt).rejects.toThrow(text);
  await expect(attempt).rejects.toThrow(/[^.]\.$/);
});

test.each(['bytes-divided.keras', 'bytes-divided.h5'])('%s: a division makes floating point of bytes', async (file) => {
  const { model, classes } = await load(file);
  expect(classes).toBe(3);
  model.dispose();
});
