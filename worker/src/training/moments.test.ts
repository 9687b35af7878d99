import type { Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '@distillation/core/random';
import { openBackend } from '../backend/select.ts';
import type { Tf } from '../backend/tf.ts';
import type { LayerMoments } from '../blocks/low-rank-start.ts';
import { layerMoments, type MeasuredLayer } from './moments.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await openBackend({ cpuThreads: 1 }));
});

const [SIZE, IN, OUT] = [5, 3, 4] as const;

function values(name: string, count: number): Float32Array {
  const stream = randomStream('moments', name);
  return Float32Array.from({ length: count }, () => 2 * stream.next() - 1);
}

/** A convolution of 5x5 images with stride 2: its outputs stand at the even rows and columns. */
function layerNamed(name: string): MeasuredLayer {
  return {
    name,
    layer: {
      kernel: [1, 1],
      strides: [2, 2],
      padding: 'valid',
      dilation: [1, 1],
      inputShape: [SIZE, SIZE, IN],
      outputShape: [3, 3, OUT],
    },
    weights: { kernel: values(`${name}/kernel`, IN * OUT), bias: values(`${name}/bias`, OUT) },
  };
}

const BATCHES = [4, 2].map((count, i) => ({ count, images: values(`batch${i}`, count * SIZE * SIZE * IN) }));

async function measured(layers: readonly MeasuredLayer[]): Promise<ReadonlyMap<string, LayerMoments>> {
  async function* batches(): AsyncGenerator<{ images: Float32Array; count: number }> {
    for (const batch of BATCHES) yield await Promise.resolve(batch);
  }
  const runCut = (x: Tensor4D): Map<string, { input: Tensor4D }> =>
    new Map(layers.map(({ name }) => [name, { input: x }]));
  const moments = await layerMoments(tf, { layers, runCut, batches: batches(), imageShape: [SIZE, SIZE, IN] });
  return moments ?? new Map<string, LayerMoments>();
}

/** The pixels of all images, and those under the outputs. */
const pixels = BATCHES.flatMap(({ count, images }) =>
  Array.from({ length: count * SIZE * SIZE }, (_, at) => [...images.subarray(at * IN, (at + 1) * IN)]),
);
const even = pixels.filter((_, at) => (at % SIZE) % 2 === 0 && Math.floor((at % (SIZE * SIZE)) / SIZE) % 2 === 0);

const meanOf = (rows: readonly (readonly number[])[], f: (row: readonly number[]) => number): number =>
  rows.reduce((sum, row) => sum + f(row), 0) / rows.length;

function outputs({ weights: { kernel, bias } }: MeasuredLayer): number[][] {
  return even.map((pixel) =>
    Array.from({ length: OUT }, (_, out) =>
      pixel.reduce((sum, value, i) => sum + value * (kernel[i * OUT + out] ?? 0), bias?.[out] ?? 0),
    ),
  );
}

const cell = (row: readonly number[], i: number): number => row[i] ?? 0;
const close = (actual: Float64Array, expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, 5);
  });
};
const square = <T>(size: number, f: (i: number, j: number) => T): T[] =>
  Array.from({ length: size * size }, (_, at) => f(Math.floor(at / size), at % size));

describe('layerMoments', () => {
  it('are those of all positions of all batches, of the input and of the output before the activation', async () => {
    const layer = layerNamed('conv');
    const moments = (await measured([layer])).get('conv');
    const y = outputs(layer);
    const mean = Array.from({ length: OUT }, (_, i) => meanOf(y, (row) => cell(row, i)));
    expect(moments).toBeDefined();
    if (moments === undefined) return;
    close(
      moments.input,
      square(IN, (i, j) => meanOf(pixels, (row) => cell(row, i) * cell(row, j))),
    );
    close(moments.outputMean, mean);
    close(
      moments.outputCovariance,
      square(OUT, (i, j) => meanOf(y, (row) => (cell(row, i) - cell(mean, i)) * (cell(row, j) - cell(mean, j)))),
    );
  });

  it('of a layer are the same to the bit whichever others are measured with it', async () => {
    const [first, second] = [layerNamed('first'), layerNamed('second')];
    const [alone, together] = [await measured([second]), await measured([first, second])];
    expect(together.get('second')).toEqual(alone.get('second'));
    expect(together.get('first')).not.toEqual(together.get('second'));
  });

  it('are left when the worker is told to stop', async () => {
    const stopped = await layerMoments(tf, {
      layers: [layerNamed('conv')],
      runCut: (x) => new Map([['conv', { input: x }]]),
      batches: (async function* (): AsyncGenerator<{ images: Float32Array; count: number }> {
        for (const batch of BATCHES) yield await Promise.resolve(batch);
      })(),
      imageShape: [SIZE, SIZE, IN],
      stopped: () => true,
    });
    expect(stopped).toBeUndefined();
  });
});
