import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tensor4D } from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DistillationJob, DistillationJobSpec } from '@distillation/api/job';
import { LAYOUT } from '@distillation/api/layout';
import type { EpochMetrics } from '@distillation/api/ledger';
import type { BackendSignature, Plan } from '@distillation/api/plan';
import { planKey, trainingRecipe } from '@distillation/api/recipe';
import { validateJob } from '@distillation/api/validate';
import { openBackend } from '../backend/select.ts';
import { buildBlock } from '../blocks/architectures.ts';
import { blockCosts } from '../blocks/weights.ts';
import { openLoader } from '../data/loading/loader.ts';
import { openDataset } from '../data/open.ts';
import { listLayers } from '../teacher/graph/candidates.ts';
import { teacherCut } from '../teacher/graph/cut.ts';
import { loadTeacher, type Teacher } from '../teacher/load.ts';
import { assembleStudent, studentParts } from '../teacher/graph/replace.ts';
import { createBlockTrainer } from '../training/block-trainer.ts';
import { openLedger, type Ledger } from '@distillation/ledger/ledger';
import { digestOf } from '@distillation/ledger/digest';
import type { NamedArray } from '@distillation/ledger/tensors';
import { readEverything } from '@distillation/ledger/view';
import { batchesOf, patchSamples, TUNING, tinyModel, withFolder, memoryStore, CLASSES } from '../../test/finalize.ts';
import { evaluate } from './measuring/evaluate.ts';
import { type FileLayer, nodeFileLayer } from '@distillation/ledger/file-layer';
import { writeFolder } from '@distillation/ledger/write-folder';
import { modelFiles } from './student/export.ts';
import { finalize, type FinalizeOutcome } from './finalize.ts';
import type { FinalizeOptions } from './run.ts';
import type { FinalizeProgress } from './stage-progress.ts';
import { fineTune } from './fine-tuning/fine-tune.ts';
import { gatherBlocks, loadBlock, replacementsOf } from './gather.ts';
import { measureBlocks } from './measuring/measure.ts';
import { studentReadme, type StudentCard } from './student/card.ts';
import manifest from '../../package.json' with { type: 'json' };

/** A whole small job with real files: a trained teacher, IDX data, blocks trained for a moment. */

const backend = await openBackend({ cpuThreads: 1 });
const { tf } = backend;
const signature: BackendSignature = { name: backend.name, tensorflow: backend.tfVersion, cpuThreads: 1 };

/** Pixels as bytes: 0..255 for -3..3. */
const SCALE = 6 / 255;

function idx(dimensions: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.writeUInt16BE(0x0800 + dimensions.length, 2);
  dimensions.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, values]);
}

async function writeData(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [part, count] of [
    ['train', 320],
    ['t10k', 120],
  ] as const) {
    const { images, labels } = patchSamples(part, count);
    const bytes = Uint8Array.from(images, (value) => Math.round(Math.max(-3, Math.min(3, value)) / SCALE + 127.5));
    await writeFile(join(folder, `${part}-images-idx3-ubyte`), idx([count, 8, 8], bytes));
    await writeFile(join(folder, `${part}-labels-idx1-ubyte`), idx([count], Uint8Array.from(labels)));
  }
}

function jobOf(spec: Partial<DistillationJobSpec> = {}): DistillationJob {
  const checked = validateJob({
    apiVersion: 'distillation.dev/v1alpha1',
    kind: 'DistillationJob',
    metadata: { name: 'tiny' },
    spec: {
      teacher: {
        path: 'teacher',
        preprocessing: { mode: 'Custom', scale: String(SCALE).slice(0, 20), mean: ['3'], std: ['1'] },
      },
      dataset: { path: 'data', format: 'Idx', batchSize: 32, validation: { fraction: '0.2' } },
      blocks: { architecture: 'TwoLayer' },
      training: { epochs: 1, optimizer: { type: 'RMSprop', learningRate: '0.01' } },
      fineTuning: {
        epochs: 2,
        batchSize: 32,
        cpuThreads: 1,
        augmentation: 'None',
        optimizer: { learningRate: '0.003' },
      },
      outputs: { path: 'out' },
      ...spec,
    },
  });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  return checked.job;
}

/** Trained blocks, for the tests to share. */
const trained = new Map<string, NamedArray[]>();

/** Writes down a block as a worker would have. */
async function commitBlock(world: World, name: string, options: TrainOptions): Promise<void> {
  const key = `${name} ${options.steps} ${world.plan.recipe}`;
  const tensors = trained.get(key) ?? (await trainBlock(world, name, options));
  trained.set(key, tensors);
  await world.ledger.commitEpoch({ ...record(name), outcome: 'Trained' }, tensors);
}

interface TrainOptions {
  readonly steps: number;
  readonly job: DistillationJob;
}

/** Trains a block on the teacher's own pairs. */
async function trainBlock({ plan, teacher }: World, name: string, { steps, job }: TrainOptions): Promise<NamedArray[]> {
  const block = plan.blocks.find((candidate) => candidate.name === name);
  if (block === undefined) throw new Error(`no block ${name}`);
  const { training, blocks } = job.spec;
  const structure = buildBlock(block, blocks);
  const trainer = createBlockTrainer(tf, {
    block: name,
    layer: name,
    attempt: 0,
    structure,
    training,
    totalSteps: 300,
  });
  const cut = teacherCut(tf, teacher, [name]);
  for (let step = 0; step < steps;) {
    for await (const { images, labels } of batchesOf(patchSamples('train', 256), 32, step)) {
      tf.tidy(() => {
        const pair = cut.run(tf.tensor4d(images, [labels.length, 8, 8, 1])).get(name);
        if (pair !== undefined && step < steps) trainer.step(pair, step);
      });
      step += 1;
    }
  }
  const tensors = trainer.snapshot();
  trainer.dispose();
  return tensors;
}

const METRICS: EpochMetrics = { loss: 0.5, probeLoss: 0.25, probeBaseline: 1, probeOutputVariance: 1 };
/** Each block was trained for two seconds, an hour after the one before it. */
const record = (block: string) => ({
  block,
  attempt: 0,
  epoch: 1,
  metrics: METRICS,
  backend: signature,
  timing: { bin: 0, ...hourOf(block), ownSeconds: 1.5, prefixSeconds: 0.5, passBlocks: 1 },
});

function hourOf(block: string): { startedAt: number; finishedAt: number } {
  const startedAt = 3_600_000 * Number(block.replace(/\D/g, ''));
  return { startedAt, finishedAt: startedAt + 2000 };
}

interface World {
  readonly volume: string;
  readonly teacher: Teacher;
  readonly plan: Plan;
  readonly ledger: Ledger;
}

/** A volume with teacher, data and plan; no block is trained yet. */
async function openWorld(volume: string, job: DistillationJob): Promise<World & { readonly options: FinalizeOptions }> {
  await writeData(join(volume, 'data'));
  await writeFolder(nodeFileLayer, join(volume, 'teacher'), teacherFiles);
  const teacher = await loadTeacher(tf, { path: join(volume, 'teacher') });
  const dataset = await openDataset(volume, job.spec.dataset, { inputShape: teacher.inputShape, classes: CLASSES });
  const ledger = await openLedger({ folder: join(volume, 'out'), writer: 'finalizer', log: () => undefined });
  const { candidates, kept } = listLayers(teacher, { include: ['*'], exclude: [] });
  const plan: Plan = {
    version: 1,
    recipe: trainingRecipe(job.spec, { teacherSha256: teacher.sha256, datasetSha256: dataset.summary.sha256 }),
    key: planKey(job.spec),
    teacher: summaryOf(teacher),
    dataset: dataset.summary,
    stepsPerEpoch: 8,
    epochs: 1,
    costUnit: 'MAC',
    costSource: 'Estimated',
    blocks: candidates.map((layer) => ({
      name: layer.name,
      architecture: 'TwoLayer',
      layer,
      ...blockCosts(buildBlock({ layer, architecture: 'TwoLayer' }, job.spec.blocks), layer.inputShape),
      cost: { prefix: 1, own: 1 },
    })),
    kept,
    backend: signature,
  };
  await ledger.writePlan(plan);
  const loader = openLoader({ dataset, preprocessing: job.spec.teacher.preprocessing, threads: 1 });
  loaders.push(loader);
  const options: FinalizeOptions = {
    job,
    plan,
    backend,
    signature,
    teacher,
    dataset,
    loader,
    ledger,
    log: () => undefined,
  };
  return { volume, teacher, plan, ledger, options };
}

function summaryOf({ sha256, format, outputs, inputShape, classes, params }: Teacher): Plan['teacher'] {
  return { sha256, format, outputs, inputShape, classes, params, macs: 1 };
}

const loaders: { close(): Promise<void> }[] = [];
let teacherFiles: ReadonlyMap<string, Uint8Array>;

beforeAll(async () => {
  const model = tinyModel(tf);
  const train = patchSamples('train', 256);
  await fineTune(tf, {
    student: model,
    teacher: model,
    outputs: 'Logits',
    spec: { ...TUNING, epochs: 6 },
    seed: 1,
    classes: CLASSES,
    frozen: new Set(),
    stepsPerEpoch: 8,
    train: (epoch) => batchesOf(train, 32, epoch),
    store: memoryStore(),
  });
  await withFolder(async (folder) => {
    const path = join(folder, 'model');
    await writeFolder(nodeFileLayer, path, await savedFiles(model));
    teacherFiles = modelFiles(await loadTeacher(tf, { path })).files;
  });
});
afterAll(() => Promise.all(loaders.map((loader) => loader.close())));

async function savedFiles(model: ReturnType<typeof tinyModel>): Promise<Map<string, Uint8Array | string>> {
  const files = new Map<string, Uint8Array | string>();
  await model.save({
    save: ({ modelTopology, weightSpecs = [], weightData }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      files.set('model.json', JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }));
      files.set('weights.bin', new Uint8Array(weightData as ArrayBuffer));
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } });
    },
  });
  return files;
}

describe('finalize', () => {
  test('makes student and report, the same to the bit wherever it was killed', async () => {
    const job = jobOf({ selection: { rule: 'Accuracy', split: 'Validation', maxAccuracyDrop: '0.7' } });
    const whole = await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      await commitBlock(world, 'conv1', { steps: 40, job });
      await commitBlock(world, 'conv2', { steps: 40, job });
      const tensors = tf.memory().numTensors;
      const told: FinalizeProgress[] = [];
      const outcome = await finalize({ ...world.options, onProgress: (progress) => told.push(progress) });
      expect(tf.memory().numTensors).toBe(tensors);
      checkTold(told, outcome.report);
      await checkOutputs(world, outcome);
      await checkDone(world, outcome);
      return outcome.report;
    });
    expect(whole.blocks.map(({ selected }) => selected)).toEqual([true, true]);
    expect(whole.fineTuning.keptEpoch).toBeGreaterThan(0);
    expect(whole.student.validationAccuracy).toBeGreaterThan(whole.assembled.validationAccuracy ?? 1);
    for (const stage of ['Measure', 'FineTune', 'Evaluate', 'Export'] as const) {
      await withFolder(async (volume) => {
        const world = await openWorld(volume, job);
        await commitBlock(world, 'conv1', { steps: 40, job });
        await commitBlock(world, 'conv2', { steps: 40, job });
        const killed = finalize({
          ...world.options,
          onProgress: ({ stage: at, epoch = 2 }) => {
            if (at === stage && epoch === 2) throw new Error('killed');
          },
        });
        await expect(killed).rejects.toThrow('killed');
        const { report, alreadyDone } = await finalize(world.options);
        expect(alreadyDone).toBe(false);
        expect(report.provenance.studentSha256).toBe(whole.provenance.studentSha256);
        expect(report.blocks).toEqual(whole.blocks);
        expect(report.student.testAccuracy).toBe(whole.student.testAccuracy);
      });
    }
  });

  test('a block that fails and one below the threshold stay the teacher’s; with none left the teacher is the student', async () => {
    const job = jobOf({ selection: { rule: 'Accuracy', split: 'Validation', minAccuracy: '0.99' } });
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      const failure = { code: 'DISTILL_E_DEAD_BLOCK', message: 'The block gives the same output for every image.' };
      await world.ledger.commitEpoch({ ...record('conv1'), outcome: 'Failed', failure }, undefined);
      await commitBlock(world, 'conv2', { steps: 1, job });
      const { report } = await finalize(world.options);
      expect(report.outcome).toBe('NoBlockSelected');
      expect(report.blocks.map(({ outcome, selected }) => ({ outcome, selected }))).toEqual([
        { outcome: 'Failed', selected: false },
        { outcome: 'Trained', selected: false },
      ]);
      expect(report.blocks[0]?.reason).toContain('the same output for every image');
      expect(report.blocks[1]?.reason).toContain(
        'below the threshold (accuracy of at least 99.00 %, that is 64 of 64 validation images)',
      );
      const student = await loadTeacher(tf, { path: join(volume, 'out', LAYOUT.student) });
      expect(modelFiles(student).sha256).toBe(modelFiles(world.teacher).sha256);
      expect(report.student.testAccuracy).toBe(report.teacher.testAccuracy);
      // The epoch of the failed block produced nothing that was kept; the operator counts in the same way.
      expect(report.time).toMatchObject({ usefulSeconds: 2, redoneSeconds: 2 });
      const { blocks } = await readEverything(world.ledger);
      expect(digestOf({ plan: world.plan, blocks })?.seconds).toEqual({ useful: 2, redone: 2 });
    });
  });

  test('a fine-tuning that diverges costs a warning, not the job', async () => {
    const sgd = { type: 'SGD', learningRate: '1e20', schedule: { type: 'Constant', warmupSteps: 0 } } as const;
    const job = jobOf({
      selection: { rule: 'Accuracy', split: 'Train', maxAccuracyDrop: '1' },
      fineTuning: { ...TUNING, optimizer: sgd },
    });
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 40, job });
      const { report } = await finalize(world.options);
      expect(report.warnings).toMatchObject([{ code: 'DISTILL_E_FINE_TUNE_DIVERGED' }]);
      expect(report.warnings?.[0]?.message).toMatch(/in epoch 1: the loss became .*not fine-tuned/);
      expect(report.fineTuning).toEqual({ epochs: [], keptEpoch: 0 });
      expect(report.student.testAccuracy).toBe(report.assembled.testAccuracy);
      expect(report.threshold?.split).toBe('Train');
    });
  });

  test('without labels every trained block is kept, learns from the teacher, and no accuracy is claimed', async () => {
    const job = jobOf({
      dataset: { ...jobOf().spec.dataset, labels: 'None' },
      selection: { rule: 'AllTrained', split: 'Validation' },
      fineTuning: { ...TUNING, labels: 'None', teacherLogits: { weight: '1', temperature: '2' } },
      outputs: { ...jobOf().spec.outputs, formats: ['TfjsLayers'], workingFiles: 'DeleteOnSuccess' },
    });
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 40, job });
      const { report } = await finalize(world.options);
      expect(report.blocks.map(({ reason }) => reason)).toEqual(Array(2).fill('every trained block is kept'));
      expect(report.fineTuning.keptEpoch).toBe(TUNING.epochs);
      for (const { testAccuracy, validationAccuracy } of [report.teacher, report.student, report.assembled]) {
        expect([testAccuracy, validationAccuracy]).toEqual([undefined, undefined]);
      }
      const left = await readdir(join(volume, 'out'), { recursive: true });
      expect(left.filter((name) => name.endsWith('.safetensors'))).toEqual([]);
      expect((await finalize(world.options)).alreadyDone).toBe(true);
    });
  });

  test('the student in another format too: written once more when it is named later, or damaged', async () => {
    const fineTuning = { ...TUNING, epochs: 0 };
    const job = jobOf({
      fineTuning,
      outputs: { ...jobOf().spec.outputs, formats: ['Keras'], workingFiles: 'DeleteOnSuccess' },
    });
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 1, job });
      const plain = {
        ...job,
        spec: { ...job.spec, outputs: { ...job.spec.outputs, formats: ['TfjsLayers' as const] } },
      };
      const { report } = await finalize({ ...world.options, job: plain });
      const student = (name: string): string => join(volume, 'out', LAYOUT.student, name);
      const listed = async (): Promise<StudentCard['files']> =>
        (JSON.parse(await readFile(student('card.json'), 'utf8')) as StudentCard).files;
      expect(await listed()).toBeUndefined();
      expect(await finalize(world.options)).toEqual({ report, alreadyDone: true });
      const written = await readFile(student('student.keras'));
      expect(await listed()).toMatchObject([{ format: 'Keras', file: 'student.keras', bytes: written.length }]);
      expect(await readFile(student('README.md'), 'utf8')).toContain(
        "keras.saving.load_model('student/student.keras')",
      );
      expect(await readFile(student('README.md'), 'utf8')).toContain('```\n\nInput: ');
      const [again, ours] = [
        await loadTeacher(tf, { path: student('student.keras') }),
        await loadTeacher(tf, { path: student('') }),
      ];
      expect(modelFiles(again, again.outputs).sha256).toBe(report.provenance.studentSha256);
      expect(ours.sha256).toBe(report.provenance.studentSha256);
      await writeFile(student('student.keras'), written.subarray(1));
      expect((await finalize(world.options)).alreadyDone).toBe(true);
      expect((await readFile(student('student.keras'))).equals(written)).toBe(true);
    });
  });

  test('a format that could not be written is tried again by another version alone; another input makes another file', async () => {
    const outputs = { ...jobOf().spec.outputs, formats: ['Onnx' as const] };
    const job = jobOf({ fineTuning: { ...TUNING, epochs: 0 }, outputs });
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 1, job });
      await finalize(world.options);
      const student = (name: string): string => join(volume, 'out', LAYOUT.student, name);
      const names = (): Promise<string[]> => readdir(student(''));
      const cardOf = async (): Promise<StudentCard> =>
        JSON.parse(await readFile(student('card.json'), 'utf8')) as StudentCard;
      const card = await cardOf();
      expect(card.files).toMatchObject([{ format: 'Onnx', file: 'student.onnx' }]);
      expect(card.files?.[0]?.input).toBeUndefined();
      // As if ONNX could not express it.
      const refuse = async (worker: string): Promise<void> => {
        const refused = [{ format: 'Onnx' as const, code: 'DISTILL_E_EXPORT_LAYER', worker }];
        await writeFile(student('card.json'), JSON.stringify({ ...card, files: [], refused }));
        await rm(student('student.onnx'), { force: true });
        await finalize(world.options);
      };
      await refuse(manifest.version);
      expect(await names()).not.toContain('student.onnx');
      await refuse('0.0.1');
      expect(await names()).toContain('student.onnx');
      const prepared = await readFile(student('student.onnx'));
      const pixels = { ...job, spec: { ...job.spec, outputs: { ...outputs, onnxInput: 'Pixels' as const } } };
      expect((await finalize({ ...world.options, job: pixels })).alreadyDone).toBe(true);
      expect((await readFile(student('student.onnx'))).equals(prepared)).toBe(false);
      expect((await cardOf()).files).toMatchObject([{ format: 'Onnx', input: 'Pixels' }]);
      expect(await readFile(student('README.md'), 'utf8')).toContain(
        "np.zeros((1, 8, 8, 1), 'uint8') # 8-bit RGB pixels as they are",
      );
      await finalize(world.options);
      expect((await readFile(student('student.onnx'))).equals(prepared)).toBe(true);
    });
  });

  test('reads each epoch record and each checkpoint once, and what is remembered of them reads none again', async () => {
    const job = jobOf({ fineTuning: { ...TUNING, epochs: 0 } });
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 1, job });
      const read: string[] = [];
      const layer: FileLayer = {
        ...nodeFileLayer,
        readFile: (path) => {
          read.push(path);
          return nodeFileLayer.readFile(path);
        },
      };
      const ledger = await openLedger({
        folder: join(volume, 'out'),
        writer: 'finalizer',
        log: () => undefined,
        layer,
      });
      await gatherBlocks(ledger, world.plan, job.spec.blocks);
      for (const { name } of world.plan.blocks) expect(await ledger.knownHistory(name)).toHaveLength(1);
      const expected = ['conv1', 'conv2'].flatMap((name) =>
        [LAYOUT.epochRecord(name, 0, 1), LAYOUT.epochData(name, 0, 1)].map((file) => ledger.path(file)),
      );
      expect(read.filter((path) => path.startsWith(ledger.path(LAYOUT.blocks))).sort()).toEqual(expected.sort());
    });
  });

  test('says what is not finished', async () => {
    const job = jobOf();
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      await commitBlock(world, 'conv1', { steps: 1, job });
      await expect(finalize(world.options)).rejects.toMatchObject({
        code: 'DISTILL_E_BLOCKS_INCOMPLETE',
        message: '1 of 2 blocks is not finished: conv2 (not begun).',
      });
      // A block whose checkpoint has one flipped bit is not finished either.
      await commitBlock(world, 'conv2', { steps: 1, job });
      const data = join(volume, 'out', LAYOUT.epochData('conv1', 0, 1));
      const bytes = await readFile(data);
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
      await writeFile(data, bytes);
      await expect(finalize(world.options)).rejects.toMatchObject({ code: 'DISTILL_E_BLOCKS_INCOMPLETE' });
    });
  });

  test('refuses a teacher that guesses', async () => {
    const job = jobOf();
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 1, job });
      const dense = world.teacher.model.getLayer('scores');
      tf.tidy(() => {
        for (const weight of dense.weights) weight.write(tf.zerosLike(weight.read()));
      });
      await expect(finalize(world.options)).rejects.toMatchObject({ code: 'DISTILL_E_TEACHER_ACCURACY' });
    });
  });
});

async function checkOutputs({ volume, teacher }: World, { report }: FinalizeOutcome): Promise<void> {
  const read = (name: string): Promise<string> => readFile(join(volume, 'out', name), 'utf8');
  expect(JSON.parse(await read(LAYOUT.reportJson))).toEqual(report);
  const student = await loadTeacher(tf, { path: join(volume, 'out', LAYOUT.student) });
  expect(student.sha256).toBe(report.provenance.studentSha256);
  const card = JSON.parse(await read(LAYOUT.card)) as StudentCard;
  expect(card.sha256).toBe(student.sha256);
  expect(card.accuracy.student.test).toBe(report.student.testAccuracy);
  expect(await read('student/README.md')).toBe(studentReadme(card));
  // The accuracies in the report are those of the exported files, on the data as our reader decodes them.
  const samples = patchSamples('t10k', 120);
  const quantized = {
    ...samples,
    images: samples.images.map((v) => Math.round(Math.max(-3, Math.min(3, v)) / SCALE + 127.5) * SCALE - 3),
  };
  const [own, taught] = await evaluate(tf, [student.model, teacher.model], batchesOf(quantized, 60));
  expect(report.student.testAccuracy).toBeCloseTo((own?.correct ?? 0) / 120, 2);
  expect(report.teacher.testAccuracy).toBeCloseTo((taught?.correct ?? 0) / 120, 2);
  expect(report.fineTuning.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
  expect(report.blocks.every((block) => block.unexplained === 0.25 && block.losses.length === 1)).toBe(true);
  expect(report.time).toMatchObject({ trainingSeconds: 4, usefulSeconds: 4 });
  expect(report.student.params).toBe(student.params);
  // The size is that of the files, not one computed from the number of parameters.
  expect(report.student.bytes).toBe(await networkBytes(join(volume, 'out', LAYOUT.student)));
  expect(report.teacher.bytes).toBe(await networkBytes(join(volume, 'teacher')));
  expect(report.student.bytes).toBeGreaterThan(4 * student.params);
  student.model.dispose();
}

/** Size of a LayersModel in a folder. */
async function networkBytes(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name === 'model.json' || name.endsWith('.bin'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Each stage is reported when it begins, with its number of steps: twice 64 validation, 256 training and 120 test
 * samples, in batches of 32.
 */
function checkTold(told: readonly FinalizeProgress[], { fineTuning }: FinalizeOutcome['report']): void {
  const begun = told.filter(({ step = 0 }) => step === 0);
  for (const { seconds = 0 } of begun) expect(seconds).toBeLessThan(0.5);
  const [first = NaN, second = NaN] = fineTuning.epochs.map(({ seconds }) => seconds);
  expect(begun).toMatchObject([
    { stage: 'Measure', step: 0, steps: 4 },
    { stage: 'FineTune', epoch: 1, step: 0, steps: 8 },
    { stage: 'FineTune', epoch: 2, step: 0, steps: 8, epochSeconds: first },
    { stage: 'Evaluate', step: 0, steps: 4, epochSeconds: (first + second) / 2 },
    { stage: 'Export', epochSeconds: (first + second) / 2 },
  ]);
}

async function checkDone(
  { options, volume }: Awaited<ReturnType<typeof openWorld>>,
  { report }: FinalizeOutcome,
): Promise<void> {
  const again = await finalize({ ...options, onProgress: () => expect.unreachable('nothing is to be done') });
  expect(again).toEqual({ report, alreadyDone: true });
  // A student that has been damaged is written again from what is on the volume.
  await rm(join(volume, 'out', LAYOUT.student, 'model.json'));
  const repaired = await finalize(options);
  expect(repaired.alreadyDone).toBe(false);
  expect(repaired.report.provenance.studentSha256).toBe(report.provenance.studentSha256);
}

test('a block measured inside the teacher scores as the teacher assembled with that block alone', async () => {
  const job = jobOf();
  await withFolder(async (volume) => {
    const world = await openWorld(volume, job);
    for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 20, job });
    const gathered = await gatherBlocks(world.ledger, world.plan, job.spec.blocks);
    const loaded = gathered.flatMap((block) => loadBlock(tf, block) ?? []);
    const samples = patchSamples('measure', 100);
    const before = tf.memory().numTensors;
    const measured = await measureBlocks(
      tf,
      { teacher: world.teacher, outputs: world.teacher.outputs, labelled: true, blocks: loaded },
      batchesOf(samples, 40),
    );
    expect(tf.memory().numTensors).toBe(before);
    const alone = await Promise.all(
      loaded.map(async ({ layer }) => {
        const { model } = await assembleStudent(
          tf,
          studentParts(world.teacher, replacementsOf(gathered, new Set([layer]))),
        );
        return (await evaluate(tf, [model], batchesOf(samples, 40)))[0];
      }),
    );
    expect([...measured.blocks.values()].map(({ score }) => score)).toEqual(alone);
    expect([measured.teacher]).toMatchObject(await evaluate(tf, [world.teacher.model], batchesOf(samples, 40)));
    // The scores must tell the blocks apart from the teacher and from each other, or this test proves nothing.
    expect(new Set([measured.teacher, ...alone].map((score) => score?.correct)).size).toBeGreaterThan(1);
    const x: Tensor4D = tf.zeros([1, 8, 8, 1]);
    expect(loaded[0]?.run(x).shape).toEqual([1, 8, 8, 8]);
  });
});
