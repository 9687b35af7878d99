import { describe, expect, it } from 'vitest';
import type { PreprocessingSpec } from '@distillation/api/job';
import { channelTables, pixelsOf } from './preprocess.ts';

/** The channels that one RGB pixel becomes. */
function apply(spec: PreprocessingSpec, pixel: readonly number[]): number[] {
  return channelTables(spec, pixel.length).map(({ source, values }) => values[pixel[source] ?? 0] ?? NaN);
}

/** As numpy computes in float32: Python floats are rounded to float32 before each operation, the result afterwards. */
const f = Math.fround;

describe('channelTables', () => {
  // Reference values: keras.applications.imagenet_utils.preprocess_input of the float32 pixel [255, 128, 7].
  it('None leaves the pixels', () => {
    expect(apply({ mode: 'None' }, [255, 128, 7])).toStrictEqual([255, 128, 7]);
  });

  it('Caffe reverses to BGR and subtracts the means', () => {
    const out = apply({ mode: 'Caffe' }, [255, 128, 7]);
    expect(out).toStrictEqual([f(7 - f(103.939)), f(128 - f(116.779)), f(255 - f(123.68))]);
    // As decimals: -96.939, 11.221, 131.32.
    expect(out[0]).toBeCloseTo(-96.939, 4);
    expect(out[1]).toBeCloseTo(11.221, 4);
    expect(out[2]).toBeCloseTo(131.32, 4);
  });

  it('Tf scales to -1..1', () => {
    expect(apply({ mode: 'Tf' }, [0, 255, 128])).toStrictEqual([-1, 1, f(f(128 / 127.5) - 1)]);
    expect(apply({ mode: 'Tf' }, [51])).toStrictEqual([f(-0.6)]);
  });

  it('Torch standardises by the ImageNet means and deviations, in RGB order', () => {
    const out = apply({ mode: 'Torch' }, [255, 128, 0]);
    expect(out[0]).toBeCloseTo((1 - 0.485) / 0.229, 6);
    expect(out[1]).toBeCloseTo((128 / 255 - 0.456) / 0.224, 6);
    expect(out[2]).toBeCloseTo(-0.406 / 0.225, 6);
    expect(out[0]).toBe(f(f(1 - f(0.485)) / f(0.229)));
  });

  it('Custom scales, subtracts, divides, with one value for all channels or one for each', () => {
    const spec = { mode: 'Custom', scale: '0.5', mean: ['1', '-2', '3'], std: ['4'] } as const;
    expect(apply({ ...spec, mean: [...spec.mean], std: [...spec.std] }, [10, 20, 30])).toStrictEqual([1, 3, 3]);
    expect(apply({ mode: 'Custom' }, [9])).toStrictEqual([9]);
  });

  it.each([
    [{ mode: 'Caffe' }, 1, 'mode'],
    [{ mode: 'Torch' }, 4, 'mode'],
    [{ mode: 'Custom', mean: ['1', '2'] }, 3, 'mean'],
    [{ mode: 'Custom', std: ['0'] }, 3, 'std'],
  ] as const)('refuses %j for %i channels', (spec, channels, field) => {
    expect(() => channelTables(spec as unknown as PreprocessingSpec, channels)).toThrow(
      expect.objectContaining({
        code: 'DISTILL_E_MANIFEST_INVALID',
        subject: `spec.teacher.preprocessing.${field}`,
      }) as Error,
    );
  });
});

describe('pixelsOf', () => {
  const custom = {
    mode: 'Custom',
    scale: '0.00392156862745098',
    mean: ['0.49', '0.48', '0.45'],
    std: ['0.25', '0.2', '0.3'],
  };
  it.each([{ mode: 'None' }, { mode: 'Caffe' }, { mode: 'Tf' }, { mode: 'Torch' }, custom])(
    'finds the pixels that %j was made of',
    (spec) => {
      const tables = channelTables(spec as PreprocessingSpec, 3);
      const pixels = Uint8Array.from({ length: 3 * 256 }, (_, i) => (i * 7) % 256);
      const images = Float32Array.from(pixels, (_, i) => {
        const { source, values } = tables[i % 3] ?? { source: 0, values: [] };
        return values[pixels[i - (i % 3) + source] ?? 0] ?? NaN;
      });
      expect(pixelsOf(images, tables)).toEqual(pixels);
    },
  );
});
