import type { LeftOutKind } from '@distillation/api/plan';

/** Which files are images: by extension when a folder is listed, by their first bytes when one is read. */

/** Extensions of the formats that are read, in any case. */
const READ = /\.(jpe?g|jpe|jfif|png|webp|gif|tiff?|bmp|avif)$/i;
/** Extensions of image formats that are not read. */
const NOT_READ =
  /\.(hei[cf]|jp2|j2k|jpx|jxl|ico|psd|svgz?|eps|pdf|ppm|pgm|pbm|pnm|pfm|tga|exr|hdr|dds|dng|cr[23w]|nef|arw|raw|orf|raf|rw2|dcm|nii|npy|npz|mat|mha|mhd)$/i;
const ARCHIVE = /\.(zip|tar|t?gz|tgz|tbz2?|bz2|xz|zst|7z|rar|tfrecords?|h5|hdf5|parquet|lmdb)$/i;

/** For messages about folders without images that are read. */
export const READ_ENDINGS = '.jpg, .jpeg, .jpe, .jfif, .png, .webp, .gif, .tif, .tiff, .bmp or .avif';

/** Whether a file is listed as a sample. */
export const isImageName = (name: string): boolean => READ.test(name);

/** Extension with its dot, in lower case; empty when there is none. */
export function endingOf(name: string): string {
  return /\.[a-z0-9_-]{1,12}$/i.exec(name)?.[0].toLowerCase() ?? '';
}

/** Why a file that is not listed is left out. */
export function leftOutKind(name: string): LeftOutKind {
  if (NOT_READ.test(name)) return 'Format';
  return ARCHIVE.test(name) ? 'Archive' : 'OtherFile';
}

const SYSTEM = new Set([
  '__macosx',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  'lost+found',
  '$recycle.bin',
  'system volume information',
  '@eadir',
]);

/** Whether a file or folder is hidden, or left behind by an operating system. */
export const isHidden = (name: string): boolean => name.startsWith('.') || SYSTEM.has(name.toLowerCase());

type ImageKind = 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'TIFF' | 'BMP' | 'AVIF';

const MAGIC: readonly (readonly [ImageKind, (head: Buffer) => boolean])[] = [
  ['JPEG', (head) => head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))],
  ['PNG', (head) => head.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n'],
  ['WebP', (head) => head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP'],
  ['GIF', (head) => /^GIF8[79]a/.test(head.toString('latin1', 0, 6))],
  ['TIFF', (head) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(head.toString('latin1', 0, 4))],
  ['BMP', (head) => head.toString('latin1', 0, 2) === 'BM'],
  ['AVIF', (head) => /^ftyp(avif|avis|mif1|msf1)/.test(head.toString('latin1', 4, 12))],
];

/** Bytes that `imageKind` looks at. */
const HEAD_BYTES = 12;

/** The format of a file by its first bytes, whatever its name says; undefined when it is not one that is read. */
export function imageKind(head: Uint8Array): ImageKind | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, HEAD_BYTES));
  return MAGIC.find(([, test]) => test(bytes))?.[0];
}

/** Why a file with these first bytes cannot be a sample, as a phrase after its name; undefined when it may be one. */
export function notAnImage(head: Uint8Array): string | undefined {
  if (head.byteLength === 0) return 'is empty';
  return imageKind(head) === undefined ? 'does not begin as a picture does' : undefined;
}
