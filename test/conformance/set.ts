import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

/** The conformance set as make_cases.py packed it: files that Keras saved, and what Keras computed. */

export interface ConformanceFile {
  /** The case, such as `Conv2D: filters=3, kernel_size=3`. */
  readonly name: string;
  /** Class of the layer that the case is about; it is called `layer`. */
  readonly className: string;
  readonly version: 'keras 2' | 'keras 3';
  readonly extension: 'keras' | 'h5';
  /** Whether the input is of bytes: whole numbers of 0 to 255. */
  readonly bytes: boolean;
  /** Shape of one sample of the network's input. */
  readonly input: readonly number[];
  /** The bytes that Keras saved. */
  readonly content: Buffer;
  /** What Keras computes for `pixels([1, ...input])`; for bytes, that times 255 rounded down. */
  readonly outputs: Float32Array;
}

type Span = readonly [offset: number, length: number];
type Entry = readonly [
  string,
  string,
  ConformanceFile['version'],
  ConformanceFile['extension'],
  boolean,
  number[],
  Span,
  Span,
];

export async function conformanceSet(): Promise<ConformanceFile[]> {
  const packed = await readFile(fileURLToPath(new URL('cases.br', import.meta.url)));
  const bytes = brotliDecompressSync(packed);
  const start = 4 + bytes.readUInt32LE(0);
  const entries = JSON.parse(bytes.toString('utf8', 4, start)) as Entry[];
  const blob = ([offset, length]: Span): Buffer => bytes.subarray(start + offset, start + offset + length);
  return entries.map(([name, className, version, extension, wholes, input, file, outputs]) => ({
    name,
    className,
    version,
    extension,
    bytes: wholes,
    input,
    content: blob(file),
    // A copy, because floats have to lie at multiples of four bytes.
    outputs: new Float32Array(new Uint8Array(blob(outputs)).buffer),
  }));
}

/** The keys that real configs of each class have, by version of Keras. */
export async function realKeys(): Promise<Record<string, Record<string, string[]>>> {
  const path = fileURLToPath(new URL('keys.json', import.meta.url));
  return JSON.parse(await readFile(path, 'utf8')) as Record<string, Record<string, string[]>>;
}
