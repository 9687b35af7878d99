import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { DistillError, type ErrorCode } from '@distillation/api/errors';
import { loadTeacher, type TeacherOptions } from './load.ts';
import { fixture, fixtureBytes, saveWithTfjs, temporaryFile, temporaryFolder, testTf } from '../../test/teacher.ts';

const tf = await testTf();

async function failure(options: TeacherOptions): Promise<{ code: ErrorCode; message: string }> {
  const tensors = tf.memory().numTensors;
  try {
    await loadTeacher(tf, options);
  } catch (error) {
    if (!(error instanceof DistillError)) throw error;
    expect(tf.memory().numTensors).toBe(tensors);
    return { code: error.code, message: error.message };
  }
  throw new Error(`${options.path} was loaded`);
}

describe('a file that is not a teacher', () => {
  test('does not exist', async () => {
    const path = join(await temporaryFolder(), 'none.h5');
    expect(await failure({ path })).toEqual({
      code: 'DISTILL_E_TEACHER_MISSING',
      message: `There is no teacher at ${path}. ${dirname(path)} is empty.`,
    });
  });

  test('is a folder without a model.json', async () => {
    const found = await failure({ path: await temporaryFolder() });
    expect(found.code).toBe('DISTILL_E_TEACHER_MISSING');
    expect(found.message).toContain('model.json');
  });

  test('is a pipe, whose writer would be waited for', async () => {
    const path = join(await temporaryFolder(), 'pipe.keras');
    execFileSync('mkfifo', [path]);
    expect(await failure({ path })).toEqual({
      code: 'DISTILL_E_TEACHER_FORMAT',
      message: `The teacher ${path} is neither a file nor a folder.`,
    });
  });

  test.each([
    ['empty', ''],
    ['something else', '\x7fELF and more'],
  ])('is %s', async (_, content) => {
    const path = await temporaryFile('teacher.h5', Buffer.from(content, 'latin1'));
    expect((await failure({ path })).code).toBe('DISTILL_E_TEACHER_FORMAT');
  });

  test('holds weights alone', async () => {
    const found = await failure({ path: await fixture('refused-weights-alone.weights.h5') });
    expect(found.code).toBe('DISTILL_E_TEACHER_FORMAT');
    expect(found.message).toContain('model_config');
  });

  test('is of another format than the manifest says', async () => {
    const path = await fixture('sequential.keras');
    const found = await failure({ path, format: 'KerasH5' });
    expect(found.code).toBe('DISTILL_E_TEACHER_FORMAT');
    expect(found.message).toContain('is a zip archive, and spec.teacher.format is KerasH5.');
    expect((await failure({ path, format: 'TfjsLayers' })).code).toBe('DISTILL_E_TEACHER_FORMAT');
    const h5 = await fixture('sequential.h5');
    expect((await failure({ path: h5, format: 'Keras' })).code).toBe('DISTILL_E_TEACHER_FORMAT');
  });
});

describe('a damaged file', () => {
  test.each(['sequential.h5', 'sequential.keras', 'sequential-keras2.h5'])(
    '%s cut anywhere is refused',
    async (file) => {
      const whole = await fixtureBytes(file);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 16, max: whole.length - 1 }), async (length) => {
          const path = await temporaryFile(file, whole.subarray(0, length));
          expect((await failure({ path })).code).toBe('DISTILL_E_TEACHER_CORRUPT');
        }),
        { numRuns: 25, seed: 1 },
      );
    },
  );

  test('a .keras with one bit flipped is refused or means the same', async () => {
    const whole = await fixtureBytes('sequential.keras');
    const original = await loadTeacher(tf, { path: await fixture('sequential.keras') });
    const weights = original.model.getWeights().map((weight) => [...weight.dataSync()]);
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 8, max: whole.length * 8 - 1 }), async (bit) => {
        const content = Buffer.from(whole);
        content.writeUInt8(content.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        const path = await temporaryFile('teacher.keras', content);
        try {
          const { model } = await loadTeacher(tf, { path, format: 'Keras' });
          expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(weights);
          model.dispose();
        } catch (error) {
          expect(error).toBeInstanceOf(DistillError);
          refused++;
        }
      }),
      { numRuns: 40, seed: 1 },
    );
    expect(refused).toBeGreaterThan(30);
  });

  test('a .h5 with bytes overwritten is refused or loaded, never a crash', async () => {
    const whole = await fixtureBytes('sequential.h5');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 8, max: whole.length - 9 }),
        fc.integer({ min: 0, max: 255 }),
        async (at, byte) => {
          const path = await temporaryFile('teacher.h5', Buffer.from(whole).fill(byte, at, at + 8));
          try {
            (await loadTeacher(tf, { path, format: 'KerasH5' })).model.dispose();
          } catch (error) {
            expect(error).toBeInstanceOf(DistillError);
          }
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });
});

describe('a LayersModel', () => {
  let folder: string;
  let json: string;
  let model: string;

  beforeAll(async () => {
    const { model: sequential } = await loadTeacher(tf, { path: await fixture('sequential.keras') });
    folder = await saveWithTfjs(tf, sequential);
    model = join(folder, 'model.json');
    json = await readFile(model, 'utf8');
  });

  async function edited(from: string, to: string): Promise<{ code: ErrorCode; message: string }> {
    expect(json).toContain(from);
    const path = join(folder, 'edited.json');
    await writeFile(path, json.replaceAll(from, to));
    return failure({ path });
  }

  test('that is unharmed loads', async () => {
    (await loadTeacher(tf, { path: model })).model.dispose();
  });

  test('is a GraphModel', async () => {
    expect((await edited('"format":"layers-model"', '"format":"graph-model"')).code).toBe('DISTILL_E_TEACHER_FORMAT');
  });

  test('is not JSON to its end', async () => {
    const path = await temporaryFile('model.json', Buffer.from(json.slice(0, -5)));
    expect((await failure({ path })).code).toBe('DISTILL_E_TEACHER_CORRUPT');
  });

  test('lacks a weight file', async () => {
    const found = await edited('weights.bin', 'weights2.bin');
    expect(found.code).toBe('DISTILL_E_TEACHER_MISSING');
    expect(found.message).toContain('needs the weight file weights2.bin');
  });

  test('names a weight file outside of its folder', async () => {
    const found = await edited('weights.bin', '../weights.bin');
    expect(found.code).toBe('DISTILL_E_TEACHER_FORMAT');
    expect(found.message).toContain('outside');
  });

  test('has a weight file that is too short', async () => {
    const short = await temporaryFolder();
    await writeFile(join(short, 'model.json'), json);
    await writeFile(join(short, 'weights.bin'), (await readFile(join(folder, 'weights.bin'))).subarray(0, -4));
    const found = await failure({ path: short });
    expect(found.code).toBe('DISTILL_E_TEACHER_CORRUPT');
  });

  test('has a weight of another shape', async () => {
    const found = await edited('"name":"conv2/kernel","shape":[3,3,4,4]', '"name":"conv2/kernel","shape":[3,4,3,4]');
    expect(found.code).toBe('DISTILL_E_TEACHER_CORRUPT');
    expect(found.message).toBe('The teacher\'s weight kernel of layer "conv2" has the shape [3,4,3,4], not [3,3,4,4].');
  });

  test('lacks a weight', async () => {
    const found = await edited('"name":"conv2/bias"', '"name":"conv2/other"');
    expect(found.code).toBe('DISTILL_E_TEACHER_CORRUPT');
    expect(found.message).toBe('The teacher\'s weight bias of layer "conv2" is not in the file.');
  });

  test.each([NaN, Infinity])('holds %s', async (value) => {
    const other = await temporaryFolder();
    const weights = await readFile(join(folder, 'weights.bin'));
    weights.writeFloatLE(value, 8);
    await writeFile(join(other, 'model.json'), json);
    await writeFile(join(other, 'weights.bin'), weights);
    const found = await failure({ path: other });
    expect(found.code).toBe('DISTILL_E_TEACHER_NOT_FINITE');
    expect(found.message).toBe(`The teacher's weight kernel of layer "conv1" holds ${value} at position 2.`);
  });

  test('has layers that do not fit together', async () => {
    const found = await edited('"kernel_size":[3,3]', '"kernel_size":[9,9]');
    expect(found.code).toBe('DISTILL_E_TEACHER_CORRUPT');
  });

  test('has a layer that depends on itself', async () => {
    const found = await edited('[[["conv1",0,0,{}]]]', '[[["softmax",0,0,{}]]]');
    expect(found.code).toBe('DISTILL_E_TEACHER_CORRUPT');
    expect(found.message).toContain('depends on itself');
  });

  test('uses a layer that is not defined', async () => {
    const found = await edited('[[["conv1",0,0,{}]]]', '[[["ghost",0,0,{}]]]');
    expect(found.code).toBe('DISTILL_E_TEACHER_CORRUPT');
    expect(found.message).toContain('"ghost" is used but not defined');
  });

  test.each([
    ['"class_name":"LeakyReLU"', '"class_name":"MyReLU"', ['"leaky"', 'MyReLU']],
    ['"activation":"relu"', '"activation":"sparsemax"', ['"relu2"', 'sparsemax']],
  ])('has a layer of no known kind: %s -> %s', async (from, to, named) => {
    const found = await edited(from, to);
    expect(found.code).toBe('DISTILL_E_TEACHER_LAYER');
    for (const text of named) expect(found.message).toContain(text);
  });

  test('is deleted', async () => {
    const path = await temporaryFile('model.json', Buffer.from(json));
    await rm(path);
    expect((await failure({ path })).code).toBe('DISTILL_E_TEACHER_MISSING');
  });
});

test.each([
  ['refused-lambda', 'DISTILL_E_TEACHER_LAYER', '"double" is of the class Lambda'],
  ['refused-two-inputs', 'DISTILL_E_TEACHER_SHAPE', '2 inputs'],
  ['refused-image-out', 'DISTILL_E_TEACHER_SHAPE', '[null,6,6,2]'],
  ['refused-any-size', 'DISTILL_E_TEACHER_SHAPE', '[null,null,null,3]'],
])('%s: %s', async (name, code, text) => {
  const found = await failure({ path: await fixture(`${name}.keras`) });
  expect(found.code).toBe(code);
  expect(found.message).toContain(text);
});
