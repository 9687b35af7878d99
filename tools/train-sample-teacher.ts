import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeError, DistillError, toDistillError } from '@distillation/api/errors';
import { count, percent, plural } from '@distillation/api/format';
import type { FineTuningSpec } from '@distillation/api/job';
import { parseManifest } from '@distillation/api/manifest';
import { type Backend, openBackend } from '../worker/src/backend/select.ts';
import type { Tf } from '../worker/src/backend/tf.ts';
import { type Loader, openLoader } from '../worker/src/data/loading/loader.ts';
import { openDataset } from '../worker/src/data/open.ts';
import { stepsPerEpoch } from '../worker/src/data/order.ts';
import type { Dataset, Split } from '../worker/src/data/types.ts';
import type { OpenBatches } from '../worker/src/finalize/measuring/batches.ts';
import { evaluate } from '../worker/src/finalize/measuring/evaluate.ts';
import { modelFiles } from '../worker/src/finalize/student/export.ts';
import { nodeFileLayer } from '@distillation/ledger/file-layer';
import { writeFolder } from '@distillation/ledger/write-folder';
import { ledgerStore } from '../worker/src/finalize/fine-tuning/fine-tune-store.ts';
import { fineTune } from '../worker/src/finalize/fine-tuning/fine-tune.ts';
import type { Score } from '../worker/src/finalize/select.ts';
import type { Network } from '../worker/src/teacher/graph/graph.ts';
import { loadTeacher } from '../worker/src/teacher/load.ts';
import { openLedger } from '@distillation/ledger/ledger';
import { fetchCifar10 } from './sample-data/fetch.ts';
import { buildResnet20 } from './sample-teacher/resnet20.ts';
import { buildVgg16 } from './sample-teacher/vgg16.ts';

/**
 * `npm run train-sample-teacher`: trains a sample teacher from scratch (docs/sample-teacher.md), that of the sample job or, with `-- --network
 * resnet20-cifar10`, one with batch normalisation and skip connections, in the same way as the finalizer fine-tunes a student: each epoch is
 * kept, so that a stopped run can be resumed, and the epoch that is best on the validation split is written. The test split is evaluated only
 * once, at the end, with the written files.
 */

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SAMPLE = join(ROOT, 'manifests', 'samples', 'cifar10-vgg16.yaml');

const BATCH_SIZE = 128;
const EVALUATION_BATCH_SIZE = 500;
const WARMUP_EPOCHS = 2;
const AUGMENTATION = {
  flipHorizontal: 'Enabled',
  flipVertical: 'Disabled',
  cropPadding: 4,
  rotateDegrees: 0,
} as const;

interface Recipe {
  readonly epochs: number;
  /** Peak of the learning rate. */
  readonly rate: string;
  readonly build: (tf: Tf, options: { readonly classes: number; readonly seed: number }) => Promise<Network>;
}

/** By name of the folder under manifests/samples/teachers. */
const RECIPES: ReadonlyMap<string, Recipe> = new Map([
  [
    'vgg16-quarter-cifar10',
    { epochs: 14, rate: '0.0015', build: (tf, options) => buildVgg16(tf, { width: 0.25, ...options }) },
  ],
  ['resnet20-cifar10', { epochs: 8, rate: '0.003', build: buildResnet20 }],
]);

interface Options {
  readonly recipe: Recipe;
  readonly epochs: number;
  readonly seed: number;
  /** Number of training samples to use; all by default. */
  readonly limit: number | undefined;
  readonly work: string;
  readonly out: string;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      network: { type: 'string', default: 'vgg16-quarter-cifar10' },
      epochs: { type: 'string' },
      seed: { type: 'string', default: '1' },
      limit: { type: 'string' },
      work: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const { network } = values;
  const recipe = RECIPES.get(network);
  if (recipe === undefined)
    throw new DistillError('DISTILL_E_USAGE', `--network ${network} is none of ${[...RECIPES.keys()].join(', ')}.`, {
      subject: 'network',
    });
  return {
    recipe,
    epochs: values.epochs === undefined ? recipe.epochs : wholeNumber('epochs', values.epochs, 1),
    seed: wholeNumber('seed', values.seed, 0),
    limit: values.limit === undefined ? undefined : wholeNumber('limit', values.limit, 1),
    work: resolve(values.work ?? join(ROOT, 'distill-data', 'sample-teacher', network)),
    out: resolve(values.out ?? join(ROOT, 'manifests', 'samples', 'teachers', network)),
  };
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new DistillError('DISTILL_E_USAGE', `--${option} ${text} is not a whole number from ${least}.`, {
    subject: option,
  });
}

/** The training settings, which `docs/sample-teacher.md` describes. */
function trainingSpec({ epochs, recipe: { rate } }: Options, steps: number): FineTuningSpec {
  return {
    epochs,
    batchSize: BATCH_SIZE,
    optimizer: {
      type: 'Adam',
      learningRate: rate,
      clipNorm: '1',
      schedule: { type: 'Cosine', warmupSteps: WARMUP_EPOCHS * steps },
    },
    labels: 'Used',
    freeze: [],
    freezeUnreplaced: 'Disabled',
    augmentation: 'FlipAndCrop',
    batchNormalization: 'Disabled',
    control: 'Disabled',
    cpuThreads: 1,
  };
}

const log = (line: string): void => {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
};
const accuracy = ({ correct, total }: Score): string => percent(correct / total);

interface Parts {
  readonly backend: Backend;
  readonly dataset: Dataset;
  readonly loader: Loader;
  readonly network: Network;
}

/** Opens CIFAR-10 with the splits and preprocessing of the sample job, and a fresh network. */
async function openParts({ seed, limit, recipe }: Options): Promise<Parts> {
  const backend = await openBackend({ cpuThreads: 1, log });
  log(`computing with ${backend.description}`);
  const { spec } = parseManifest(await readFile(SAMPLE, 'utf8'), SAMPLE);
  const folder = await fetchCifar10();
  const limits = { ...spec.dataset.limits, ...(limit !== undefined && { train: limit }) };
  const dataset = await openDataset(dirname(folder), { ...spec.dataset, path: basename(folder), limits });
  const loader = openLoader({ dataset, preprocessing: spec.teacher.preprocessing, threads: 1 });
  const network = await recipe.build(backend.tf, { classes: dataset.summary.classes, seed });
  return { backend, dataset, loader, network };
}

/** Trains the network in place; at the end it has the weights of its best epoch. */
async function train(options: Options, { backend, dataset, loader, network }: Parts): Promise<void> {
  const { seed, work } = options;
  const { tf } = backend;
  const { model } = network;
  const samples = dataset.splits.train.count;
  const steps = stepsPerEpoch(samples, BATCH_SIZE);
  const spec = trainingSpec(options, steps);
  const ledger = await openLedger({ folder: work, writer: 'sample-teacher', log });
  const validation = split(loader, 'validation');
  const [fresh = { correct: 0, total: 0 }] = await evaluate(tf, [model], validation());
  log(
    `${count(model.countParams())} parameters, ${count(samples)} samples, ${plural(steps, 'step')} an epoch, untrained ${accuracy(fresh)}`,
  );
  const started = performance.now();
  const { keptEpoch } = await fineTune(tf, {
    student: model,
    teacher: model,
    outputs: 'Logits',
    spec,
    seed,
    classes: dataset.summary.classes,
    frozen: new Set(),
    stepsPerEpoch: steps,
    train: (epoch) =>
      loader.batches({
        split: 'train',
        batchSize: BATCH_SIZE,
        training: { seed, epoch, augmentation: AUGMENTATION },
      }),
    validation,
    assembled: fresh,
    store: ledgerStore(ledger, JSON.stringify({ seed, samples, spec, backend: backend.description })),
    onStep: ({ epoch, step, loss }) => {
      if (step % 64 === 0) log(`epoch ${epoch} step ${step}: loss ${loss?.toFixed(4) ?? 'not known yet'}`);
    },
    onEpoch: (record) => {
      const score = record.validation === undefined ? (record.diverged ?? '') : accuracy(record.validation);
      log(
        `epoch ${record.epoch}: loss ${record.loss?.toFixed(4) ?? ''}, validation ${score}, ${record.seconds.toFixed(0)} s`,
      );
    },
  });
  log(`kept epoch ${keptEpoch}; this run trained for ${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
}

function split(loader: Loader, name: Split): OpenBatches {
  return () => loader.batches({ split: name, batchSize: EVALUATION_BATCH_SIZE });
}

async function main(): Promise<void> {
  const options = readOptions();
  const parts = await openParts(options);
  const { loader, network } = parts;
  const { tf } = parts.backend;
  try {
    await train(options, parts);
    const { files, sha256 } = modelFiles(network);
    await writeFolder(nodeFileLayer, options.out, files);
    const teacher = await loadTeacher(tf, { path: options.out });
    for (const name of ['validation', 'test'] as const) {
      const [score = { correct: 0, total: 0 }] = await evaluate(tf, [teacher.model], split(loader, name)());
      log(`${name}: ${accuracy(score)} (${score.correct} of ${score.total})`);
    }
    log(`wrote ${options.out}, SHA-256 ${sha256}`);
  } finally {
    await loader.close();
  }
}

try {
  await main();
} catch (thrown) {
  const error = toDistillError(thrown);
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = error.exitCode;
}
