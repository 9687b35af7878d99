import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs';
import type { FineTuningSpec } from '@distillation/api/job';
import type { Tf } from '../src/backend/tf.ts';
import { permutation, randomStream } from '@distillation/core/random';
import { loadTeacher, type Teacher } from '../src/teacher/load.ts';
import { nodeFileLayer } from '@distillation/ledger/file-layer';
import { writeFolder } from '@distillation/ledger/write-folder';
import type { NamedArray } from '@distillation/ledger/tensors';
import type { LabelledBatch, TrainingBatch } from '../src/finalize/measuring/batches.ts';
import type { FineTuneRecord } from '../src/finalize/fine-tuning/fine-tune-progress.ts';
import type { FineTuneStore } from '../src/finalize/fine-tuning/fine-tune.ts';

/** Shared by the finalizer's tests: a task that a tiny network learns in a second, and that network. */

export const CLASSES = 4;
const SIDE = 8;

/** Noisy 8x8 grey images with a bright patch in one quadrant, which is the class. Sample i is the same in every call. */
export function patchSamples(name: string, count: number): LabelledBatch {
  const images = new Float32Array(count * SIDE * SIDE);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const stream = randomStream('test-patches', name, i);
    const label = stream.below(CLASSES);
    const [top, left] = [4 * Math.floor(label / 2) + stream.below(2), 4 * (label % 2) + stream.below(2)];
    labels[i] = label;
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const inside = y >= top && y < top + 3 && x >= left && x < left + 3;
        images[(i * SIDE + y) * SIDE + x] = (inside ? 0.9 : 0) + 0.8 * stream.normal();
      }
    }
  }
  return { images, labels };
}

/** The samples in batches, in order or in that of ('test-order', epoch). */
export async function* batchesOf(samples: LabelledBatch, size: number, epoch?: number): AsyncGenerator<TrainingBatch> {
  const pixels = SIDE * SIDE;
  const count = samples.labels.length;
  const order =
    epoch === undefined ? Uint32Array.from({ length: count }, (_, i) => i) : permutation(count, 'test-order', epoch);
  for (let start = 0; start < count; start += size) {
    const ids = order.subarray(start, start + size);
    const images = new Float32Array(ids.length * pixels);
    ids.forEach((id, i) => {
      images.set(samples.images.subarray(id * pixels, (id + 1) * pixels), i * pixels);
    });
    const labels = Int32Array.from(ids, (id) => samples.labels[id] ?? 0);
    yield await Promise.resolve({ images, labels, sampleIds: ids });
  }
}

export interface TinyOptions {
  readonly softmax?: 'None' | 'Activation' | 'Layer';
  /** Whether the batch normalisation has scale and center. */
  readonly affine?: boolean;
  readonly dropout?: number;
}

/** conv1 -> bn1 -> relu, conv2 + relu, pool, dropout, scores; the weights are drawn from the test's own random stream. */
export function tinyModel(tf: Tf, { softmax = 'None', affine = true, dropout = 0.2 }: TinyOptions = {}): LayersModel {
  const layers = tf.layers;
  const input = tf.input({ shape: [SIDE, SIDE, 1], name: 'images' });
  const steps = [
    layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', useBias: false, name: 'conv1' }),
    layers.batchNormalization({ name: 'bn1', scale: affine, center: affine, momentum: 0.9 }),
    layers.activation({ activation: 'relu', name: 'relu1' }),
    layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu', name: 'conv2' }),
    layers.flatten({ name: 'flat' }),
    layers.dropout({ rate: dropout, name: 'drop' }),
    layers.dense({ units: CLASSES, name: 'scores', activation: softmax === 'Activation' ? 'softmax' : 'linear' }),
    ...(softmax === 'Layer' ? [layers.softmax({ name: 'softmax' })] : []),
  ];
  const output = steps.reduce((x, layer) => layer.apply(x) as SymbolicTensor, input);
  const model = tf.model({ inputs: input, outputs: output, name: 'tiny' });
  for (const weight of model.weights) {
    if (!weight.originalName.endsWith('kernel')) continue;
    const stream = randomStream('test-weights', weight.originalName);
    const shape = weight.shape.map((size) => size ?? 0);
    const count = shape.reduce((product, size) => product * size, 1);
    const scale = Math.sqrt((2 * (shape.at(-1) ?? 1)) / count);
    const values = Float32Array.from({ length: count }, () => scale * stream.normal());
    tf.tidy(() => {
      weight.write(tf.tensor(values, shape));
    });
  }
  return model;
}

/** The model as a job sees a teacher: written as a LayersModel and read back. */
export async function asTeacher(model: LayersModel, tf: Tf): Promise<Teacher> {
  return withFolder(async (folder) => {
    const files = new Map<string, Uint8Array | string>();
    await model.save({
      save: (artifacts) => {
        const { modelTopology, weightSpecs = [], weightData } = artifacts;
        const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
        files.set('model.json', JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }));
        files.set('weights.bin', new Uint8Array(weightData as ArrayBuffer));
        return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
      },
    });
    await writeFolder(nodeFileLayer, join(folder, 'teacher'), files);
    return loadTeacher(tf, { path: join(folder, 'teacher') });
  });
}

export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'finalize-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Keeps fine-tuning epochs in memory; `damaged` lists the epochs whose checkpoint cannot be read. */
export function memoryStore(damaged = new Set<number>()): FineTuneStore & {
  readonly records: Map<number, FineTuneRecord>;
  readonly data: Map<number, readonly NamedArray[]>;
} {
  const records = new Map<number, FineTuneRecord>();
  const data = new Map<number, readonly NamedArray[]>();
  return {
    records,
    data,
    record: (epoch) => Promise.resolve(records.get(epoch)),
    load: ({ epoch }) => Promise.resolve(damaged.has(epoch) ? undefined : data.get(epoch)),
    save: (record, checkpoint) => {
      const kept = checkpoint === undefined ? record : { ...record, checkpoint: { file: '', sha256: '', bytes: 0 } };
      if (checkpoint !== undefined) data.set(record.epoch, checkpoint);
      records.set(record.epoch, kept);
      return Promise.resolve(kept);
    },
    forget: (epoch) => {
      data.delete(epoch);
      return Promise.resolve();
    },
  };
}

export const TUNING: FineTuningSpec = {
  epochs: 3,
  optimizer: { type: 'Adam', learningRate: '0.01', schedule: { type: 'Cosine', warmupSteps: 0 } },
  batchSize: 32,
  labels: 'Used',
  freeze: [],
  freezeUnreplaced: 'Disabled',
  augmentation: 'None',
  batchNormalization: 'Disabled',
  control: 'Disabled',
  cpuThreads: 1,
};
