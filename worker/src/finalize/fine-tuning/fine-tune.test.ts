import { describe, expect, test } from 'vitest';
import type { LayersModel } from '@tensorflow/tfjs';
import type { FineTuningSpec } from '@distillation/api/job';
import { openBackend } from '../../backend/select.ts';
import { evaluate } from '../measuring/evaluate.ts';
import { openSession } from './fine-tune-session.ts';
import { fineTune, type FineTuneOptions, type FineTuneResult, type FineTuneStep } from './fine-tune.ts';
import { knownLogits } from './known-logits.ts';
import type { Score } from '../select.ts';
import { batchesOf, CLASSES, memoryStore, patchSamples, tinyModel, TUNING } from '../../../test/finalize.ts';
import { namedWeights } from './training-mode.ts';

const { tf } = await openBackend({ cpuThreads: 1 });
const train = patchSamples('train', 256);
const validation = patchSamples('validation', 100);

const bits = (model: LayersModel): string =>
  [...namedWeights(model)]
    .map(([name, weight]) => `${name} ${Buffer.from(weight.dataSync<'float32'>().slice().buffer).toString('hex')}`)
    .join('\n');

const scoreOf = async (model: LayersModel): Promise<Score> =>
  (await evaluate(tf, [model], batchesOf(validation, 50)))[0] ?? { correct: 0, total: 0 };

interface Run {
  readonly student: LayersModel;
  readonly result: FineTuneResult;
}

async function run(spec: Partial<FineTuningSpec>, options: Partial<FineTuneOptions> = {}): Promise<Run> {
  const student = options.student ?? tinyModel(tf);
  const result = await fineTune(tf, {
    teacher: student,
    outputs: 'Logits',
    spec: { ...TUNING, ...spec },
    seed: 7,
    classes: CLASSES,
    frozen: new Set(),
    stepsPerEpoch: 8,
    train: (epoch) => batchesOf(train, 32, epoch),
    validation: () => batchesOf(validation, 50),
    assembled: await scoreOf(student),
    store: memoryStore(),
    ...options,
    student,
  });
  return { student, result };
}

describe('a teacher that was asked about all images beforehand', () => {
  const spec: Partial<FineTuningSpec> = { labels: 'None', teacherLogits: { weight: '1', temperature: '2' } };
  /** Asks about the images of these batches. */
  const asked = (teacher: LayersModel, batches = () => batchesOf(train, 32)) =>
    knownLogits(tf, { teacher, outputs: 'Logits', classes: CLASSES, samples: train.labels.length, batches });

  test('is not asked again, and teaches the same', async () => {
    const teacher = tinyModel(tf);
    for (const weight of namedWeights(teacher).values()) weight.assign(weight.mul(1.5));
    const each = await run(spec, { teacher });
    const known = await asked(teacher);
    // A teacher that has become another one since would be noticed.
    for (const weight of namedWeights(teacher).values()) weight.assign(tf.zerosLike(weight));
    const once = await run(spec, { teacher, askTeacher: () => Promise.resolve(known) });
    const losses = ({ result }: Run): (number | undefined)[] => result.epochs.map(({ loss }) => loss);
    expect(losses(each)[0]).toBeGreaterThan(0);
    losses(each).forEach((loss, i) => {
      expect(losses(once)[i]).toBeCloseTo(loss ?? NaN, 5);
    });
  });

  test('is not asked when no epoch is left to train', async () => {
    const store = memoryStore();
    const student = tinyModel(tf);
    const first = await run({}, { student, store });
    const again = await run({}, { store, askTeacher: () => Promise.reject(new Error('asked')) });
    expect(again.result.keptEpoch).toBe(first.result.keptEpoch);
  });
});

describe('fineTune', () => {
  test('learns, keeps the best epoch and leaves the student with exactly its weights', async () => {
    const { student, result } = await run({});
    const scores = result.epochs.map(({ validation: score }) => score?.correct ?? 0);
    expect(result.epochs[0]?.loss).toBeGreaterThan(result.epochs[2]?.loss ?? Infinity);
    expect(Math.max(...scores)).toBeGreaterThan(60);
    expect(scores.indexOf(Math.max(...scores))).toBe(result.keptEpoch - 1);
    expect((await scoreOf(student)).correct).toBe(Math.max(...scores));
  });

  test('tells how far it is, how long the epoch goes on, and how long those before it took', async () => {
    const told: FineTuneStep[] = [];
    const { result } = await run({ epochs: 2 }, { onStep: (at) => told.push(at) });
    expect(told.map(({ epoch, step, steps }) => [epoch, step, steps])).toEqual([
      [1, 0, 8],
      [1, 8, 8],
      [2, 0, 8],
      [2, 8, 8],
    ]);
    const [first] = result.epochs;
    expect(told.map(({ epochSeconds }) => epochSeconds)).toEqual([
      undefined,
      undefined,
      first?.seconds,
      first?.seconds,
    ]);
    expect(told.map(({ loss }) => loss)).toEqual([undefined, first?.loss, undefined, result.epochs[1]?.loss]);
    for (const { step, seconds } of told) expect(seconds).toBeGreaterThan(step === 0 ? -1 : 0);
    expect(first?.seconds).toBeGreaterThan(told[1]?.seconds ?? Infinity);
  });

  test('is the same to the bit when run again, and other with another seed (dropout)', async () => {
    const [first, again, other] = [await run({}), await run({}), await run({}, { seed: 8 })];
    expect(bits(again.student)).toBe(bits(first.student));
    expect(bits(other.student)).not.toBe(bits(first.student));
  });

  test.each(['Adam', 'SGD', 'RMSprop'] as const)(
    '%s: cut off after any epoch it ends with the same bits',
    async (type) => {
      const optimizer = { ...TUNING.optimizer, type, learningRate: '0.005' };
      const whole = await run({ optimizer });
      for (const cut of [1, 2]) {
        const store = memoryStore();
        const killed = run(
          { optimizer },
          { store, train: (epoch) => (epoch > cut ? dying() : batchesOf(train, 32, epoch)) },
        );
        await expect(killed).rejects.toThrow('killed');
        const resumed = await run({ optimizer }, { store });
        expect(bits(resumed.student)).toBe(bits(whole.student));
        expect(resumed.result.keptEpoch).toBe(whole.result.keptEpoch);
      }
    },
  );

  describe('of long epochs and without dropout is compiled', () => {
    const spec = { batchSize: 16, labels: 'Used', teacherLogits: { weight: '0.5', temperature: '2' } } as const;
    const epochOf = (epoch: number): ReturnType<typeof batchesOf> => batchesOf(train, 16, epoch);
    const longer = (options: Partial<FineTuneOptions> = {}): Promise<Run> =>
      run(spec, {
        student: tinyModel(tf, { dropout: 0, softmax: 'Layer' }),
        teacher: tinyModel(tf, { dropout: 0, softmax: 'Layer' }),
        outputs: 'Probabilities',
        stepsPerEpoch: 16,
        train: epochOf,
        ...options,
      });

    test('and learns the same up to rounding', async () => {
      const [compiled, other] = [await longer(), await longer({ stepsPerEpoch: 15 })];
      const losses = ({ result }: Run): (number | undefined)[] => result.epochs.map(({ loss }) => loss);
      losses(compiled).forEach((loss, i) => {
        // The rates of a run that takes itself for shorter fall a little faster.
        expect(loss).toBeCloseTo(losses(other)[i] ?? NaN, 2);
      });
      // A graph joins operations: with the very same bits nothing would have been compiled.
      expect(bits(compiled.student)).not.toBe(bits(other.student));
    });

    test('cut off after any epoch it ends with the same bits', async () => {
      const whole = await longer();
      for (const cut of [1, 2]) {
        const store = memoryStore();
        const killed = longer({ store, train: (epoch) => (epoch > cut ? dying() : epochOf(epoch)) });
        await expect(killed).rejects.toThrow('killed');
        expect(bits((await longer({ store })).student)).toBe(bits(whole.student));
      }
    });
  });

  test('a finished one is not trained again', async () => {
    const store = memoryStore();
    const first = await run({}, { store });
    const second = await run({}, { store, train: () => dying() });
    expect(bits(second.student)).toBe(bits(first.student));
  });

  test('a damaged checkpoint costs its epochs, not the result', async () => {
    const whole = await run({});
    const store = memoryStore();
    await run({}, { store });
    const damaged = new Set([3]);
    const half = memoryStore(damaged);
    for (const [epoch, record] of store.records) half.records.set(epoch, record);
    for (const [epoch, data] of store.data) half.data.set(epoch, data);
    const trained: number[] = [];
    const again = await run(
      {},
      {
        store: half,
        train: (epoch) => {
          trained.push(epoch);
          damaged.clear();
          return batchesOf(train, 32, epoch);
        },
      },
    );
    expect(trained.at(-1)).toBe(3);
    expect(bits(again.student)).toBe(bits(whole.student));
  });

  test('keeps on the volume only the checkpoints it may go back to', async () => {
    const store = memoryStore();
    const { result } = await run({ epochs: 5 }, { store });
    expect([...store.records.keys()]).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(store.data.keys())).toEqual(new Set([5, result.keptEpoch]));
  });

  test('cannot make the student worse: with a useless rate the assembled one is kept', async () => {
    const good = (await run({ epochs: 6 })).student;
    const before = bits(good);
    const score = await scoreOf(good);
    // With wrong labels each epoch is worse than the start, though better than guessing.
    const wrong = { ...train, labels: Int32Array.from(train.labels, (label) => (label + 1) % CLASSES) };
    const optimizer = { ...TUNING.optimizer, learningRate: '0.001' };
    const { student, result } = await run(
      { optimizer, epochs: 1 },
      { student: good, train: () => batchesOf(wrong, 32), assembled: score },
    );
    expect(result.keptEpoch).toBe(0);
    expect(bits(student)).toBe(before);
  });

  test.each([
    // A learning rate that makes the weights overflow within a few steps.
    { type: 'SGD', learningRate: '1e20', seen: /the loss became (NaN|Infinity)/ },
    { type: 'Adam', learningRate: '100', seen: /which is guessing|the loss became/ },
  ] as const)('stops when $type at $learningRate diverges, and says so', async ({ type, learningRate, seen }) => {
    const good = (await run({ epochs: 4 })).student;
    const before = bits(good);
    const optimizer = { type, learningRate, schedule: { type: 'Constant', warmupSteps: 0 } } as const;
    const store = memoryStore();
    const { student, result } = await run({ optimizer, epochs: 5 }, { student: good, store });
    expect(result.diverged).toMatch(seen);
    expect(result.keptEpoch).toBe(0);
    expect(result.epochs.length).toBeLessThan(5);
    expect(bits(student)).toBe(before);
    const again = await run({ optimizer, epochs: 5 }, { student: good, store, train: () => dying() });
    expect(again.result.epochs).toEqual(result.epochs);
    expect(again.result.resumedSeconds).toBeGreaterThan(0);
  });

  test('without labels learns from the teacher alone and keeps the last epoch', async () => {
    const teacher = (await run({ epochs: 6 })).student;
    const student = tinyModel(tf, { dropout: 0 });
    const unlabelled = { ...train, labels: new Int32Array(train.labels.length).fill(-1) };
    const teacherLogits = { weight: '1', temperature: '2' };
    const { result } = await run(
      { labels: 'None', teacherLogits, epochs: 4 },
      { student, teacher, train: (epoch) => batchesOf(unlabelled, 32, epoch), ...absent },
    );
    expect(result.keptEpoch).toBe(4);
    expect((await scoreOf(student)).correct).toBeGreaterThan(60);
  });

  test('frozen layers keep every weight, moving averages too; the others move', async () => {
    const before = namedValues(tinyModel(tf));
    const { student } = await run({ epochs: 1 }, { frozen: new Set(['conv1', 'bn1', 'scores']), ...absent });
    const after = namedValues(student);
    const moved = [...after].filter(([name, values]) => values !== before.get(name)).map(([name]) => name);
    expect(moved).toEqual(['conv2/kernel', 'conv2/bias']);
  });

  test('batch normalisation without scale and center trains its moving averages', async () => {
    const { student } = await run({ epochs: 1 }, { student: tinyModel(tf, { affine: false }), ...absent });
    const after = namedValues(student);
    const before = namedValues(tinyModel(tf, { affine: false }));
    for (const name of ['bn1/moving_mean', 'bn1/moving_variance']) expect(after.get(name)).not.toBe(before.get(name));
  });

  test('leaves no tensor behind and the model as it was set up', async () => {
    const student = tinyModel(tf, { softmax: 'Activation' });
    const frozen = new Set(['conv1']);
    student.getLayer('conv2').trainable = false;
    const untrainable = student.layers.filter((layer) => !layer.trainable).map(({ name }) => name);
    const networks = { student, teacher: student, outputs: 'Probabilities', classes: CLASSES } as const;
    const session = openSession(tf, { ...networks, spec: TUNING, stepsPerEpoch: 1, frozen });
    const counts: number[] = [];
    for (let step = 0; step < 6; step++) {
      for await (const batch of batchesOf(patchSamples('leak', 32), 32)) {
        session.step(batch, { seed: 1, epoch: 1, step, rate: 0.001 });
      }
      counts.push(tf.memory().numTensors);
    }
    expect(new Set(counts).size).toBe(1);
    session.close();
    expect(student.layers.filter((layer) => Object.hasOwn(layer, 'call'))).toEqual([]);
    expect(student.layers.filter((layer) => !layer.trainable).map(({ name }) => name)).toEqual(untrainable);
    expect(student.getLayer('drop').getConfig()['seed']).toBeUndefined();
  });
});

const absent = { validation: undefined, assembled: undefined } as unknown as Partial<FineTuneOptions>;

async function* dying(): AsyncGenerator<never> {
  yield await Promise.reject(new Error('killed'));
}

function namedValues(model: LayersModel): Map<string, string> {
  return new Map([...namedWeights(model)].map(([name, weight]) => [name, weight.dataSync().join()]));
}
