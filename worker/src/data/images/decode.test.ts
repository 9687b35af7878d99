import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { noise } from '../../../test/data-files.ts';
import { expectError } from '../../../test/data.ts';
import { decodeImage, type Pixels } from './decode.ts';
import { imageKind, isImageName } from './kinds.ts';

/** Images made by Pillow, with the pixels that Pillow reads from them: see `worker/test/fixtures/images/make.py`. */
interface Made {
  readonly width: number;
  readonly height: number;
  readonly pixels: Readonly<Record<string, { readonly rgb: string; readonly grey: string }>>;
}

const fixture = (name: string): Promise<Buffer> =>
  readFile(new URL(`../../../test/fixtures/images/${name}`, import.meta.url));
const { width, height, pixels } = JSON.parse((await fixture('pillow.json')).toString()) as Made;

const decode = (file: Uint8Array, channels: number, name = 'x'): Promise<Pixels> =>
  decodeImage(file, { name, resize: 'None', shape: [height, width, channels] });

describe.each(Object.entries(pixels))('%s', (name, { rgb, grey }) => {
  it('is read as Pillow reads it, in colour and grey', async () => {
    expect(isImageName(name.toUpperCase())).toBe(true);
    const file = await fixture(name);
    expect([...(await decode(file, 3)).pixels]).toStrictEqual([...Buffer.from(rgb, 'base64')]);
    expect([...(await decode(file, 1)).pixels]).toStrictEqual([...Buffer.from(grey, 'base64')]);
  });
});

describe('decodeImage', () => {
  it('covers every ending that is listed, and goes by the bytes and not by the ending', async () => {
    const kinds = await Promise.all(Object.keys(pixels).map(async (name) => imageKind(await fixture(name))));
    const raw = { raw: { width: 8, height: 6, channels: 3 } } as const;
    const avif = await sharp(noise(144, 'avif'), raw).avif({ lossless: true, chromaSubsampling: '4:4:4' }).toBuffer();
    expect(new Set([...kinds, imageKind(avif)])).toStrictEqual(
      new Set(['JPEG', 'PNG', 'WebP', 'GIF', 'TIFF', 'BMP', 'AVIF']),
    );
    const read = await decodeImage(avif, { name: 'a.jpg', resize: 'None', shape: [6, 8, 3] });
    expect([...read.pixels]).toStrictEqual([...noise(144, 'avif')]);
  });

  it('leaves a picture as it lies whatever its EXIF orientation says, as Keras does', async () => {
    const turned = await sharp(noise(144, 'turned'), { raw: { width: 8, height: 6, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const { shape, pixels: found } = await decodeImage(turned, { name: 'x', resize: 'None' });
    expect(shape).toStrictEqual([6, 8, 3]);
    expect(found).toStrictEqual(noise(144, 'turned'));
  });

  it('takes the upper half of 16 bits', async () => {
    const file = await fixture('sixteen-bits.png');
    const upper = Array.from({ length: width * height }, (_, index) => (index * 1872) >> 8);
    expect([...(await decode(file, 3)).pixels]).toStrictEqual(upper.flatMap((value) => [value, value, value]));
    // libvips must not convert grey to grey with rounding, since the bits of trained students depend on it.
    (await decode(file, 1)).pixels.forEach((value, index) => {
      expect(Math.abs(value - (upper[index] ?? 0))).toBeLessThanOrEqual(1);
    });
  });

  it('turns a CMYK picture into RGB, and into the luma of that', async () => {
    const cmyk = await sharp(noise(144, 'cmyk'), { raw: { width: 8, height: 6, channels: 3 } })
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    const colour = (await decodeImage(cmyk, { name: 'x', resize: 'None', shape: [6, 8, 3] })).pixels;
    const grey = (await decodeImage(cmyk, { name: 'x', resize: 'None', shape: [6, 8, 1] })).pixels;
    const at = (index: number): number => colour[index] ?? 0;
    expect([...grey]).toStrictEqual(
      Array.from({ length: 48 }, (_, pixel) =>
        Math.floor((at(3 * pixel) * 19595 + at(3 * pixel + 1) * 38470 + at(3 * pixel + 2) * 7471 + 32768) / 65536),
      ),
    );
  });

  it('refuses values that are no pixels: a guess at their range would be a wrong number', async () => {
    const floats = await sharp(
      Float32Array.from({ length: 48 }, (_, index) => index / 48),
      {
        raw: { width: 8, height: 6, channels: 1 },
      },
    )
      .raw({ depth: 'float' })
      .toBuffer();
    const failing = decodeImage(floatTiff(floats, 8, 6), { name: 'f.tif', resize: 'None', shape: [6, 8, 1] });
    await expectError(failing, 'DISTILL_E_DATASET_UNREADABLE_IMAGES', 'f.tif', 'float');
  });

  const bmp = async (change: (file: Buffer) => void): Promise<Buffer> => {
    const file = Buffer.from(await fixture('palette.bmp'));
    change(file);
    return file;
  };
  const BROKEN: readonly (readonly [string, string, () => Promise<Uint8Array>])[] = [
    ['nothing', 'is empty', () => Promise.resolve(new Uint8Array())],
    ['text', 'does not begin as a picture does', () => Promise.resolve(Buffer.from('<svg xmlns="x"/>'))],
    ['a cut JPEG', 'cannot be decoded', async () => (await fixture('rgb.jfif')).subarray(0, 300)],
    ['a cut BMP', 'it is cut off', async () => (await fixture('rgb.bmp')).subarray(0, 120)],
    ['a BMP of nothing but a header', 'it is cut off', async () => (await fixture('rgb.bmp')).subarray(0, 20)],
    ['a compressed BMP', 'RLE8', () => bmp((file) => file.writeUInt32LE(1, 30))],
    ['a BMP of 2 bits a pixel', '2 bits', () => bmp((file) => file.writeUInt16LE(2, 28))],
    ['a BMP of no width', '0 x 5', () => bmp((file) => file.writeInt32LE(0, 18))],
    ['a BMP of an odd header', 'header of 13 bytes', () => bmp((file) => file.writeUInt32LE(13, 14))],
    ['a BMP of colours that are not there', 'colour 255', () => bmp((file) => file.fill(255, file.length - 16))],
  ];

  it.each(BROKEN)('says of %s that it %s', async (_, why, make) => {
    const failing = decode(await make(), 3, 'pictures/x.bmp');
    await expectError(failing, 'DISTILL_E_DATASET_UNREADABLE_IMAGES', 'pictures/x.bmp', why);
  });

  it('names the sizes of one that may not be resized', async () => {
    for (const name of ['rgb.png', 'rgb.bmp']) {
      for (const channels of [1, 3]) {
        const failing = decodeImage(await fixture(name), { name, resize: 'None', shape: [9, 9, channels] });
        await expectError(failing, 'DISTILL_E_DATASET_SHAPE', name, `${height}x${width}`, '9x9');
      }
    }
    const resized = await decodeImage(await fixture('rgb.bmp'), { name: 'x', resize: 'CenterCrop', shape: [9, 9, 1] });
    expect(resized.pixels).toHaveLength(81);
  });
});

/** A TIFF of one channel of 32-bit floats, which sharp does not write. */
function floatTiff(values: Buffer, columns: number, rows: number): Buffer {
  const tags = [
    [256, columns],
    [257, rows],
    [258, 32],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, rows],
    [279, values.length],
    [339, 3],
  ] as const;
  const head = Buffer.alloc(8);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(8 + values.length, 4);
  const folder = Buffer.alloc(2 + 12 * tags.length + 4);
  folder.writeUInt16LE(tags.length, 0);
  tags.forEach(([tag, value], index) => {
    const at = 2 + 12 * index;
    folder.writeUInt16LE(tag, at);
    folder.writeUInt16LE(4, at + 2);
    folder.writeUInt32LE(1, at + 4);
    folder.writeUInt32LE(value, at + 8);
  });
  return Buffer.concat([head, values, folder]);
}
