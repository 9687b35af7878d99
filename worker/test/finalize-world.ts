import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import type { DistillationJob, DistillationJobSpec } from '@distillation/api/job';
import type { EpochMetrics } from '@distillation/api/ledger';
import type { BackendSignature, Plan } from '@distillation/api/plan';
import { planKey, trainingRecipe } from '@distillation/api/recipe';
import { validateJob } from '@distillation/api/validate';
import { afterFile } from '../../test/support/after-file.ts';
import { openBackend } from '../src/backend/select.ts';
import { buildBlock } from '../src/blocks/architectures.ts';
import { blockCosts } from '../src/blocks/weights.ts';
import { openLoader } from '../src/data/loading/loader.ts';
import { openDataset } from '../src/data/open.ts';
import { listLayers } from '../src/teacher/graph/candidates.ts';
import { teacherCut } from '../src/teacher/graph/cut.ts';
import { loadTeacher, type Teacher } from '../src/teacher/load.ts';
import { createBlockTrainer } from '../src/training/step/block-trainer.ts';
import { openLedger, type Ledger } from '@distillation/ledger/ledger';
import type { NamedArray } from '@distillation/ledger/tensors';
import { asTeacher, batchesOf, patchSamples, TUNING, tinyModel, memoryStore, CLASSES } from './finalize.ts';
import { nodeFileLayer } from '@distillation/ledger/file-layer';
import { writeFolder } from '@distillation/ledger/write-folder';
import { modelFiles } from '../src/finalize/student/export.ts';
import type { FinalizeOptions } from '../src/finalize/run.ts';
import { fineTune } from '../src/finalize/fine-tuning/fine-tune.ts';

/** A whole small job with real files: a trained teacher, IDX data, blocks trained for a moment. */

export const backend = await openBackend({ cpuThreads: 1 });
export const { tf } = backend;
export const signature: BackendSignature = { name: backend.name, tensorflow: backend.tfVersion, cpuThreads: 1 };

/** Pixels as bytes: 0..255 for -3..3. */
export const SCALE = 6 / 255;

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

export function jobOf(spec: Partial<DistillationJobSpec> = {}): DistillationJob {
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
export async function commitBlock(world: World, name: string, options: TrainOptions): Promise<void> {
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
        if (pair !== undefined && step < steps) trainer.step(pair, tf.scalar(trainer.advance(step)));
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
export const record = (block: string) => ({
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

export interface World {
  readonly volume: string;
  readonly teacher: Teacher;
  readonly plan: Plan;
  readonly ledger: Ledger;
}

/** A volume with teacher, data and plan; no block is trained yet. */
export async function openWorld(
  volume: string,
  job: DistillationJob,
): Promise<World & { readonly options: FinalizeOptions }> {
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
  afterFile(() => loader.close());
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
  teacherFiles = modelFiles(await asTeacher(model, tf)).files;
});
