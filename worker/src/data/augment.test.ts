import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AugmentationSpec } from '@distillation/api/job';
import { axisMap, drawChange, reflect, rotate } from './augment.ts';
import { noise } from '../../test/data-files.ts';
import { interleavedView } from './read.ts';
import { UNLABELLED } from './types.ts';

const OFF: AugmentationSpec = {
  flipHorizontal: 'Disabled',
  flipVertical: 'Disabled',
  cropPadding: 0,
  rotateDegrees: 0,
};
const ALL: AugmentationSpec = {
  flipHorizontal: 'Enabled',
  flipVertical: 'Enabled',
  cropPadding: 4,
  rotateDegrees: 30,
};

function view(pixels: readonly number[], height: number, width: number): ReturnType<typeof interleavedView> {
  return interleavedView(Uint8Array.from(pixels), [height, width, 1], UNLABELLED);
}

describe('drawChange', () => {
  it('depends on seed, epoch and sample, and on nothing else', () => {
    const key = { seed: 1, epoch: 2, sample: 3 };
    const first = drawChange(ALL, key);
    drawChange(ALL, { ...key, sample: 99 });
    expect(drawChange(ALL, key)).toStrictEqual(first);
    const others = [
      { ...key, seed: 2 },
      { ...key, epoch: 3 },
      { ...key, sample: 4 },
    ].map((other) => drawChange(ALL, other).angle);
    expect(new Set([first.angle, ...others]).size).toBe(4);
  });

  it('draws the same crop whether or not flips and rotation are on', () => {
    const key = { seed: 5, epoch: 0, sample: 8 };
    const { top, left } = drawChange({ ...OFF, cropPadding: 4 }, key);
    expect(drawChange(ALL, key)).toMatchObject({ top, left });
  });

  it('changes nothing when all is off', () => {
    const change = drawChange(OFF, { seed: 1, epoch: 1, sample: 1 });
    expect(change).toMatchObject({ top: 0, left: 0, flipHorizontal: false, flipVertical: false });
    expect(Math.abs(change.angle)).toBe(0);
  });

  it('uses the whole range of each change evenly', () => {
    const changes = Array.from({ length: 4000 }, (_, sample) => drawChange(ALL, { seed: 3, epoch: 1, sample }));
    for (let shift = -4; shift <= 4; shift++) {
      const count = changes.filter((change) => change.top === shift).length;
      // 4000/9 = 444, standard deviation 20.
      expect(Math.abs(count - 444), `top ${shift}`).toBeLessThan(100);
    }
    const flipped = changes.filter((change) => change.flipHorizontal).length;
    expect(Math.abs(flipped - 2000)).toBeLessThan(160);
    const degrees = changes.map((change) => (change.angle * 180) / Math.PI);
    expect(Math.min(...degrees)).toBeGreaterThanOrEqual(-30);
    expect(Math.min(...degrees)).toBeLessThan(-29);
    expect(Math.max(...degrees)).toBeLessThanOrEqual(30);
    expect(Math.max(...degrees)).toBeGreaterThan(29);
  });
});

describe('reflect', () => {
  it('mirrors at both edges without repeating them', () => {
    expect([-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7].map((index) => reflect(index, 4))).toStrictEqual([
      3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1,
    ]);
    expect([-2, 0, 5].map((index) => reflect(index, 1))).toStrictEqual([0, 0, 0]);
  });
});

describe('axisMap', () => {
  const map = (size: number, start: number, flipped: boolean): number[] => {
    const out = new Int32Array(size);
    axisMap(out, start, flipped);
    return [...out];
  };

  it('cuts out of the mirrored surroundings, then flips', () => {
    expect(map(4, 0, false)).toStrictEqual([0, 1, 2, 3]);
    expect(map(4, -2, false)).toStrictEqual([2, 1, 0, 1]);
    expect(map(4, 2, false)).toStrictEqual([2, 3, 2, 1]);
    expect(map(4, 2, true)).toStrictEqual([1, 2, 3, 2]);
  });

  it('flipped twice is as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -64, max: 64 }), (size, start) => {
        expect(map(size, start, true).reverse()).toStrictEqual(map(size, start, false));
      }),
    );
  });
});

describe('rotate', () => {
  const letter = [1, 2, 3, 4, 5, 6, 7, 8, 9];

  it('turns counter-clockwise by a right angle', () => {
    expect([...rotate(view(letter, 3, 3), Math.PI / 2)]).toStrictEqual([3, 6, 9, 2, 5, 8, 1, 4, 7]);
    expect([...rotate(view(letter, 3, 3), Math.PI)]).toStrictEqual([...letter].reverse());
  });

  it('mixes the four neighbours in proportion, mirrored outside', () => {
    // An eighth turn of 3x3: the corner's source lies at (1 - sqrt 2, 1) = 0.586 beyond the left edge, mirrored.
    const turned = rotate(view([10, 20, 30, 40, 50, 60, 70, 80, 90], 3, 3), Math.PI / 4);
    expect(turned[4]).toBe(50);
    const beyond = Math.SQRT2 - 1;
    // Bottom left corner of the result: x = 1 - sqrt 2, y = 1: between columns 0 and the mirrored 1 of the middle row.
    expect(turned[6]).toBe(Math.floor(40 * (1 - beyond) + 50 * beyond + 0.5));
  });

  it('gives the same whatever way the pixels lie', () => {
    const shape = [5, 7, 3] as const;
    const pixels = noise(105, 'rotate');
    const planes = Uint8Array.from({ length: 105 }, (_, at) => pixels[(at % 35) * 3 + Math.floor(at / 35)] ?? 0);
    const angle = 0.4;
    expect(rotate({ pixels: planes, shape, strides: [7, 1, 35] }, angle)).toStrictEqual(
      rotate({ pixels, shape, strides: [21, 3, 1] }, angle),
    );
  });
});
