import { expect, test } from 'vitest';
import { LAYER_KINDS } from '@distillation/api/words';
import { buildBlock } from '../../blocks/architectures.ts';
import { listLayers } from '../../teacher/graph/candidates.ts';
import { teacherCut } from '../../teacher/graph/cut.ts';
import { loadTeacher, type Teacher } from '../../teacher/load.ts';
import { fixture, pixels, testTf } from '../../../test/teacher.ts';
import { type BlockTrainer, createBlockTrainer } from './block-trainer.ts';
import { CompiledSteps, ownShares } from './compiled-steps.ts';
import { trainPass, type TrainingBatch } from './pass.ts';

const tf = await testTf();
const [STEPS, BATCH] = [3, 4];
/** The first blocks of a network. */
const BLOCKS = 5;

function trainersOf(teacher: Teacher): BlockTrainer[] {
  const { candidates } = listLayers(teacher, { include: ['*'], exclude: [], layers: LAYER_KINDS });
  return candidates.slice(0, BLOCKS).map((layer) =>
    createBlockTrainer(tf, {
      block: layer.name,
      layer: layer.name,
      attempt: 0,
      structure: buildBlock(
        { layer, architecture: layer.className === 'Dense' ? 'LowRank' : 'TwoLayerSkip', ratio: '0.5' },
        { bias: 'Enabled', batchNormalization: 'Enabled' },
      ),
      training: {
        loss: 'NormalizedMeanSquaredError',
        seed: 1,
        optimizer: {
          type: 'Adam',
          learningRate: '0.01',
          clipNorm: '1',
          schedule: { type: 'Cosine', warmupSteps: 0 },
        },
      },
      totalSteps: 2 * STEPS,
    }),
  );
}

/** Full batches, and a smaller one at the end. */
async function* batches(shape: readonly number[]): AsyncGenerator<TrainingBatch> {
  for (let step = 0; step < STEPS; step++) {
    const count = step === STEPS - 1 ? BATCH - 1 : BATCH;
    const images = tf.tidy(() =>
      pixels(tf, [count, ...shape])
        .mul(1 + step / 8)
        .dataSync<'float32'>(),
    );
    yield await Promise.resolve({ images: Float32Array.from(images), count });
  }
}

/** Two epochs of these trainers. @returns weights and states of the optimizers, by block, in hexadecimal */
async function trained(
  teacher: Teacher,
  trainers: readonly BlockTrainer[],
  compiled?: CompiledSteps,
): Promise<[string, string][]> {
  const cut = teacherCut(
    tf,
    teacher,
    trainers.map(({ layer }) => layer),
  );
  for (const epoch of [0, 1]) {
    await trainPass(tf, {
      trainers,
      runCut: (x) => cut.run(x),
      batches: batches(teacher.inputShape),
      imageShape: teacher.inputShape,
      firstStep: epoch * STEPS,
      steps: STEPS,
      ...(compiled && { compiled }),
    });
  }
  return trainers.map((trainer) => [
    trainer.block,
    trainer
      .snapshot()
      .map(({ name, data }) => `${name} ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')}`)
      .join('\n'),
  ]);
}

test.each(['vgg16', 'resnet50', 'kernels', 'nested', 'mobile'])(
  '%s: compiled, a block has the same bits alone and with others, twice, and none is left behind',
  async (name) => {
    const teacher = await loadTeacher(tf, { path: await fixture(`${name}.keras`) });
    const tensors = tf.memory().numTensors;
    const run = async (groups: readonly (readonly number[])[]): Promise<Map<string, string>> => {
      const all = trainersOf(teacher);
      const made: [string, string][] = [];
      for (const group of groups) {
        const compiled = new CompiledSteps(tf, { costs: new Map(), batchSize: BATCH });
        made.push(
          ...(await trained(
            teacher,
            group.flatMap((i) => all[i] ?? []),
            compiled,
          )),
        );
        compiled.dispose();
      }
      for (const trainer of all) trainer.dispose();
      return new Map(made);
    };
    const probe = trainersOf(teacher);
    const indices = probe.map((_, i) => i);
    for (const trainer of probe) trainer.dispose();
    const together = await run([indices]);
    expect(together.size).toBe(indices.length);
    expect(await run([indices])).toEqual(together);
    expect(await run(indices.map((i) => [i]))).toEqual(together);
    const [even, odd] = [0, 1].map((rest) => indices.filter((i) => i % 2 === rest));
    expect(await run([even ?? [], odd ?? []])).toEqual(together);
    expect(tf.memory().numTensors).toBe(tensors);
  },
);

test('compiled steps compute what they compute one by one, up to rounding', async () => {
  const teacher = await loadTeacher(tf, { path: await fixture('resnet50.keras') });
  const [some, others] = [trainersOf(teacher), trainersOf(teacher)];
  await trained(teacher, some);
  const compiled = new CompiledSteps(tf, { costs: new Map(), batchSize: BATCH });
  await trained(teacher, others, compiled);
  some.forEach((trainer, i) => {
    const [loss, other] = [trainer.peekLoss(), others[i]?.peekLoss() ?? Number.NaN];
    expect(Math.abs(other - loss) / loss, trainer.block).toBeLessThan(1e-3);
  });
  compiled.dispose();
  for (const trainer of [...some, ...others]) trainer.dispose();
});

test('what is compiled does not hang on the first batch of an epoch, which lacks the images that cannot be read', async () => {
  const teacher = await loadTeacher(tf, { path: await fixture('kernels.keras') });
  const trainers = trainersOf(teacher).slice(0, 1);
  const cut = teacherCut(
    tf,
    teacher,
    trainers.map(({ layer }) => layer),
  );
  const compiled = new CompiledSteps(tf, { costs: new Map(), batchSize: BATCH });
  let cuts = 0;
  async function* short(): AsyncGenerator<TrainingBatch> {
    const all: TrainingBatch[] = [];
    for await (const batch of batches(teacher.inputShape)) all.push(batch);
    // The small one first; then four full ones.
    yield* [...all.slice(-1), ...all.slice(0, -1), ...all.slice(0, -1)];
  }
  await trainPass(tf, {
    trainers,
    runCut: (x) => {
      cuts += 1;
      return cut.run(x);
    },
    batches: short(),
    imageShape: teacher.inputShape,
    firstStep: 0,
    steps: 2 * STEPS - 1,
    compiled,
  });
  // The small one by one, and the recording.
  expect(cuts).toBe(2);
  compiled.dispose();
  for (const trainer of trainers) trainer.dispose();
});

test.each([
  [
    [
      { prefix: 6, own: 1 },
      { prefix: 2, own: 3 },
    ],
    [0.1, 0.3],
  ],
  [[{ prefix: 0, own: 0 }], [0]],
  [
    [undefined, { prefix: 1, own: 1 }],
    [0, 0.5],
  ],
] as const)('blocks that cost %j share the time of a step', (costs, shares) => {
  expect(ownShares(costs)).toEqual(shares);
});
