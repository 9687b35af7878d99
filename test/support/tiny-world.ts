import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import type { Tf } from '../../worker/src/backend/tf.ts';
import { idx } from '../../worker/test/data-files.ts';
import { randomStream } from '@distillation/core/random';

/**
 * A volume with everything a small real job needs: images that can be learnt (each class a place of a bright patch, with
 * noise) and a teacher trained on them. A job on it takes seconds on any backend.
 */

/** The job that is finished in every copy of the world: its output folder. */
export const REFERENCE = 'reference';

export const TINY = { size: 12, classes: 4, train: 120, test: 40 } as const;

function patchImages(split: string, count: number): { pixels: Uint8Array; labels: Uint8Array } {
  const { size, classes } = TINY;
  const pixels = new Uint8Array(count * size * size);
  const labels = new Uint8Array(count);
  for (let sample = 0; sample < count; sample++) {
    const stream = randomStream('tiny-world', split, sample);
    const label = sample % classes;
    labels[sample] = label;
    const top = (label < 2 ? 1 : 7) + stream.below(2);
    const left = (label % 2 === 0 ? 1 : 7) + stream.below(2);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const inside = y >= top && y < top + 3 && x >= left && x < left + 3;
        pixels[(sample * size + y) * size + x] = Math.min(255, stream.below(110) + (inside ? 120 : 0));
      }
    }
  }
  return { pixels, labels };
}

async function writeData(folder: string): Promise<void> {
  const { size } = TINY;
  await mkdir(folder, { recursive: true });
  for (const [prefix, count] of [['train', TINY.train] as const, ['t10k', TINY.test] as const]) {
    const { pixels, labels } = patchImages(prefix, count);
    await writeFile(join(folder, `${prefix}-images-idx3-ubyte`), idx([count, size, size], pixels));
    await writeFile(join(folder, `${prefix}-labels-idx1-ubyte`), idx([count], labels));
  }
}

const EPOCHS = 40;
const BATCH = 40;

/** A five-convolution network. */
function convolutions(tf: Tf): LayersModel {
  const { size, classes } = TINY;
  const convolution = (filters: number, seed: number, more: object = {}): ReturnType<typeof tf.layers.conv2d> =>
    tf.layers.conv2d({
      name: `conv${seed}`,
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: tf.initializers.heNormal({ seed }),
      ...more,
    });
  return tf.sequential({
    layers: [
      convolution(12, 1, { inputShape: [size, size, 1] }),
      convolution(12, 2),
      convolution(16, 3, { strides: 2 }),
      convolution(16, 4),
      convolution(16, 5, { activation: 'linear' }),
      tf.layers.batchNormalization({ name: 'norm' }),
      tf.layers.reLU({ name: 'relu' }),
      tf.layers.globalAveragePooling2d({ name: 'pool' }),
      tf.layers.dense({
        name: 'scores',
        units: classes,
        activation: 'softmax',
        kernelInitializer: tf.initializers.heNormal({ seed: 9 }),
      }),
    ],
  });
}

/** Trains a network on the data of the tiny world, and saves it as a LayersModel. */
export async function writeTeacher(tf: Tf, folder: string, model: LayersModel): Promise<void> {
  await learn(tf, model);
  await mkdir(folder, { recursive: true });
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const weights = tf.io.CompositeArrayBuffer.join(weightData ?? new ArrayBuffer(0));
      await writeFile(join(folder, 'weights.bin'), Buffer.from(weights));
      const manifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      await writeFile(
        join(folder, 'model.json'),
        JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest: manifest }),
      );
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  model.dispose();
}

/** Trains a network, whatever it is, to know the data. */
async function learn(tf: Tf, model: LayersModel): Promise<void> {
  const { size, train } = TINY;
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy' });
  const { pixels, labels } = patchImages('train', train);
  const values = Float32Array.from(pixels, (pixel) => pixel / 255);
  for (let step = 0; step < EPOCHS * (train / BATCH); step++) {
    const start = (step * BATCH) % train;
    const area = size * size;
    const x = tf.tensor4d(values.subarray(start * area, (start + BATCH) * area), [BATCH, size, size, 1]);
    const y = tf.tensor1d(Float32Array.from(labels.subarray(start, start + BATCH)));
    await model.trainOnBatch(x, y);
    tf.dispose([x, y]);
  }
}

/** Makes the volume: `teacher/model.json` and `data/`. */
export async function makeTinyWorld(tf: Tf, volume: string): Promise<void> {
  await writeData(join(volume, 'data'));
  await writeTeacher(tf, join(volume, 'teacher'), convolutions(tf));
}

/** A job for it as a manifest object; sections of the spec may be changed. */
export function tinyJob(output: string, change: Readonly<Record<string, object>> = {}): object {
  const section = (name: string, base: object): object => ({ ...base, ...change[name] });
  return {
    apiVersion: 'distillation.dev/v1alpha1',
    kind: 'DistillationJob',
    metadata: { name: 'tiny' },
    spec: {
      teacher: section('teacher', {
        path: 'teacher/model.json',
        preprocessing: { mode: 'Custom', scale: '0.00392156862745098', mean: ['0'], std: ['1'] },
      }),
      dataset: section('dataset', { path: 'data', format: 'Idx', batchSize: 24, validation: { fraction: '0.2' } }),
      blocks: section('blocks', { architecture: 'TwoLayer' }),
      training: section('training', { epochs: 3, seed: 5, optimizer: { type: 'RMSprop', learningRate: '0.01' } }),
      scheduling: section('scheduling', { bins: 2 }),
      selection: section('selection', { maxAccuracyDrop: '0.5' }),
      // The normalisation is frozen: its moving averages cannot follow in the few steps there are.
      fineTuning: section('fineTuning', {
        epochs: 2,
        batchSize: 24,
        cpuThreads: 1,
        augmentation: 'None',
        freeze: ['norm'],
      }),
      // Each more is written, read back and timed: a sixth of a finalizer's time.
      outputs: section('outputs', { path: output, formats: ['TfjsLayers'] }),
      ...('cluster' in change && { cluster: change['cluster'] }),
    },
  };
}
