import type { Shape3 } from '@distillation/api/plan';
import { plural } from '@distillation/api/format';

/**
 * Windows bitmaps, which libvips does not read: uncompressed with 1, 4, 8, 16, 24 or 32 bits per pixel, bottom-up or top-down, with
 * a palette or with masks. The npm packages that were tried decode some of these wrongly without an error.
 */

/** Pixels in RGB, without transparency. */
interface Bitmap {
  readonly pixels: Uint8Array;
  readonly shape: Shape3;
}

const RGB = 0;
const BITFIELDS = 3;
const COMPRESSION: Readonly<Record<number, string>> = { 1: 'RLE8', 2: 'RLE4', 4: 'JPEG', 5: 'PNG' };
const MAX_SIDE = 65_535;

interface Header {
  readonly pixelsAt: number;
  readonly width: number;
  readonly height: number;
  readonly fromTop: boolean;
  readonly bits: number;
  readonly palette: Uint8Array;
  /** Bytes of a palette entry, in the order blue, green, red. */
  readonly entry: number;
  /** Red, green, blue. */
  readonly masks: readonly number[];
}

function readHeader(view: DataView): Header {
  const size = view.getUint32(14, true);
  const pixelsAt = view.getUint32(10, true);
  const old = size === 12;
  if (!old && size < 40)
    throw new Error(`its header of ${plural(size, 'byte')} is that of a version of BMP that is not read`);
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const signed = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const height = Math.abs(signed);
  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE)
    throw new Error(`its size is ${width} x ${signed}`);
  const bits = view.getUint16(old ? 24 : 28, true);
  const compression = old ? RGB : view.getUint32(30, true);
  if (compression !== RGB && compression !== BITFIELDS) {
    throw new Error(
      `it is a BMP compressed by ${COMPRESSION[compression] ?? `method ${compression}`}, which is not read`,
    );
  }
  const masks =
    compression === BITFIELDS
      ? [54, 58, 62].map((at) => view.getUint32(at, true))
      : bits === 16
        ? [0x7c00, 0x03e0, 0x001f]
        : [0xff0000, 0xff00, 0xff];
  const entry = old ? 3 : 4;
  const paletteAt = 14 + size + (compression === BITFIELDS && size === 40 ? 12 : 0);
  const end = bits <= 8 ? Math.min(paletteAt + entry * 2 ** bits, pixelsAt) : paletteAt;
  const palette = new Uint8Array(view.buffer, view.byteOffset + paletteAt, Math.max(0, end - paletteAt));
  return { pixelsAt, width, height, fromTop: signed < 0, bits, palette, entry, masks };
}

/** Reads the value of a mask as 8 bits. */
function channelOf(mask: number): (pixel: number) => number {
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  if (mask === 0 || (most & (most + 1)) !== 0) throw new Error(`its colour mask ${mask.toString(16)} is not read`);
  return (pixel) => Math.floor((((pixel & mask) >>> shift) * 255) / most);
}

type CopyPixel = (row: number, x: number, at: number) => void;

/** Copies the x-th pixel of the row at an offset to a position in `out`. */
function pixelCopier(view: DataView, { bits, palette, entry, masks }: Header, out: Uint8Array): CopyPixel {
  if (bits === 24) {
    return (row, x, at) => {
      for (let channel = 0; channel < 3; channel++) out[at + channel] = view.getUint8(row + 3 * x + 2 - channel);
    };
  }
  if (bits === 16 || bits === 32) {
    const channels = masks.map(channelOf);
    return (row, x, at) => {
      const pixel = bits === 16 ? view.getUint16(row + 2 * x, true) : view.getUint32(row + 4 * x, true);
      channels.forEach((channel, index) => {
        out[at + index] = channel(pixel);
      });
    };
  }
  if (bits !== 1 && bits !== 4 && bits !== 8)
    throw new Error(`it has ${plural(bits, 'bit')} a pixel, which is not read`);
  const colours = Math.floor(palette.length / entry);
  return (row, x, at) => {
    const byte = view.getUint8(row + ((x * bits) >> 3));
    const index = (byte >> (8 - bits - ((x * bits) & 7))) & (2 ** bits - 1);
    if (index >= colours) throw new Error(`it uses colour ${index}, which its palette does not have`);
    for (let channel = 0; channel < 3; channel++) out[at + channel] = palette[index * entry + 2 - channel] ?? 0;
  };
}

/** Decodes a BMP file. @throws Error with a phrase that begins with "it" */
export function decodeBmp(file: Uint8Array): Bitmap {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.byteLength < 26 || (view.getUint32(14, true) !== 12 && view.byteLength < 54)) {
    throw new Error('it is cut off within its header');
  }
  const header = readHeader(view);
  const { pixelsAt, width, height, fromTop, bits } = header;
  const stride = 4 * Math.ceil((width * bits) / 32);
  if (pixelsAt + stride * height > view.byteLength) throw new Error('it is cut off');
  const pixels = new Uint8Array(width * height * 3);
  const copy = pixelCopier(view, header, pixels);
  for (let y = 0; y < height; y++) {
    const row = pixelsAt + stride * (fromTop ? y : height - 1 - y);
    for (let x = 0; x < width; x++) copy(row, x, (y * width + x) * 3);
  }
  return { pixels, shape: [height, width, 3] };
}
