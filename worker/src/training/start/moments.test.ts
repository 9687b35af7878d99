import type { Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '@distillation/core/random';
import { openBackend } from '../../backend/select.ts';
import type { Tf } from '../../backend/tf.ts';
import { IMAGES, type LayerMoments, layerMoments, type MeasuredLayer } from './moments.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await openBackend({ cpuThreads: 1 }));
});

const [SIZE, IN, OUT] = [5, 3, 4] as const;

function values(name: string, count: number): Float32Array {
  const stream = randomStream('moments', name);
  return Float32Array.from({ length: count }, () => 2 * stream.next() - 1);
}

/** A convolution of 5x5 images with stride 2 that sees only the even rows and columns; a larger kernel is zero elsewhere. */
function layerNamed(name: string, size: 1 | 2 = 2): MeasuredLayer {
  const kernel = new Float32Array(size * size * IN * OUT);
  kernel.set(values(`${name}/kernel`, IN * OUT));
  return {
    name,
    layer: {
      className: 'Conv2D',
      kernel: [size, size],
      strides: [2, 2],
      padding: 'same',
      dilation: [1, 1],
      inputShape: [SIZE, SIZE, IN],
      outputShape: [3, 3, OUT],
    },
    weights: { kernel, bias: values(`${name}/bias`, OUT) },
  };
}

const BATCHES = [4, 2].map((count, i) => ({ count, images: values(`batch${i}`, count * SIZE * SIZE * IN) }));

async function measured(
  layers: readonly MeasuredLayer[],
  seen: readonly [number, number, number] = [SIZE, SIZE, IN],
): Promise<ReadonlyMap<string, LayerMoments>> {
  async function* batches(): AsyncGenerator<{ images: Float32Array; count: number }> {
    for (const batch of BATCHES) yield await Promise.resolve(batch);
  }
  const runCut = (x: Tensor4D): Map<string, { input: Tensor4D }> =>
    new Map(layers.map(({ name }) => [name, { input: x.reshape<Tensor4D>([-1, ...seen]) }]));
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
    if (moments?.kind !== 'Convolution') throw new Error('no moments of a convolution');
    close(
      moments.input,
      square(IN, (i, j) => meanOf(pixels, (row) => cell(row, i) * cell(row, j))),
    );
    close(moments.outputMean, mean);
    const covariance = square(OUT, (i, j) =>
      meanOf(y, (row) => (cell(row, i) - cell(mean, i)) * (cell(row, j) - cell(mean, j))),
    );
    close(moments.outputCovariance, covariance);
    // Of a 1x1 convolution only the outputs count.
    const pointwise = (await measured([layerNamed('conv', 1)])).get('conv');
    if (pointwise?.kind !== 'Product' || pointwise.spread.kind !== 'Covariance') throw new Error('no covariance');
    close(pointwise.outputMean, mean);
    close(pointwise.spread.covariance, covariance);
  });

  it('of a dense layer with more outputs than images are the outputs themselves', async () => {
    const [inputs, units] = [SIZE * SIZE * IN, IMAGES + 1];
    const [kernel, bias] = [values('dense', inputs * units), values('dense/bias', units)];
    const layer = {
      className: 'Dense',
      kernel: [1, 1],
      strides: [1, 1],
      padding: 'valid',
      dilation: [1, 1],
      inputShape: [1, 1, inputs],
      outputShape: [1, 1, units],
    } as const;
    const moments = (await measured([{ name: 'dense', layer, weights: { kernel, bias } }], [1, 1, inputs])).get(
      'dense',
    );
    if (moments?.kind !== 'Product' || moments.spread.kind !== 'Samples') throw new Error('no samples');
    const { samples } = moments.spread;
    expect(samples.map(({ length }) => length)).toEqual(Array.from({ length: 6 }, () => units));
    const image = BATCHES[1]?.images.subarray(inputs, 2 * inputs) ?? new Float32Array();
    const at = 1000;
    const expected = image.reduce((sum, value, i) => sum + value * (kernel[i * units + at] ?? 0), bias[at] ?? 0);
    expect(samples[5]?.[at]).toBeCloseTo(expected, 4);
    expect(moments.outputMean[at]).toBeCloseTo(samples.reduce((sum, sample) => sum + (sample[at] ?? 0), 0) / 6, 5);
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
