import { DistillError, internalError } from '@distillation/api/errors';
import { canonicalJson } from '@distillation/api/canonical';
import { plural } from '@distillation/api/format';

/**
 * Checkpoint data as safetensors files, which every framework reads: the header's length (8 bytes, little-endian), a JSON header,
 * the raw values. Equal content gives equal bytes: keys are sorted and values ordered by name. Every type has 4 bytes per value, so
 * all are aligned.
 */

/** A named array: a weight, a moment of an optimizer, a step count. */
export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major values, as many as the shape says. */
  readonly data: Float32Array | Int32Array;
}

/** A weight, under the name that it keeps from training to the exported model. */
export interface Weight extends NamedArray {
  readonly data: Float32Array;
}

/** Prefix of an optimizer's arrays in a checkpoint. No layer name in a Keras model begins with it. */
export const OPTIMIZER = 'optimizer:';

/** Of the types that are written, only weights are floating-point. */
export const isWeight = (array: NamedArray): array is Weight => array.data instanceof Float32Array;

export interface TensorFile {
  readonly tensors: readonly NamedArray[];
  readonly metadata: Readonly<Record<string, string>>;
}

const VALUE_BYTES = 4;
const TYPES = { F32: Float32Array, I32: Int32Array } as const;
type Dtype = keyof typeof TYPES;
const isDtype = (value: unknown): value is Dtype => typeof value === 'string' && Object.hasOwn(TYPES, value);
const dtypeOf = ({ data }: NamedArray): Dtype => (data instanceof Float32Array ? 'F32' : 'I32');

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);
const byName = (a: NamedArray, b: NamedArray): number => (a.name < b.name ? -1 : 1);

/** Throws on a defect of the caller: a duplicate name, or values that do not match the shape. */
function check(tensors: readonly NamedArray[]): void {
  const names = new Set<string>(['__metadata__']);
  for (const { name, shape, data } of tensors) {
    if (names.has(name)) throw internalError(`Two tensors are named ${name}.`, { subject: name });
    names.add(name);
    if (data.length !== sizeOf(shape)) {
      const message = `Tensor ${name} of shape [${shape.join(', ')}] has ${plural(data.length, 'value')}.`;
      throw internalError(message, { subject: name });
    }
  }
}

/** Encodes tensors as the bytes of a file. Their order does not matter. */
export function encodeTensors(
  tensors: readonly NamedArray[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  check(tensors);
  const laidOut = [...tensors].sort(byName);
  const header: Record<string, unknown> = { __metadata__: metadata };
  let length = 0;
  for (const array of laidOut) {
    const { name, shape, data } = array;
    header[name] = { dtype: dtypeOf(array), shape, data_offsets: [length, length + data.byteLength] };
    length += data.byteLength;
  }
  const json = new TextEncoder().encode(canonicalJson(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + length).fill(0x20, 8, 8 + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, 8);
  let offset = 8 + padded;
  for (const { data } of laidOut) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

interface Entry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);

/** The position of one tensor; undefined when its entry is invalid. */
function parseEntry(value: unknown): Entry | undefined {
  if (!isRecord(value)) return undefined;
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDtype(dtype) || !isSizes(shape) || !isSizes(offsets)) return undefined;
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || end - begin !== sizeOf(shape) * VALUE_BYTES) return undefined;
  return { dtype, shape, begin, end };
}

/**
 * Decodes what `encodeTensors` wrote, sorted by name, in new arrays.
 * @throws DISTILL_E_FILE_CORRUPT when the bytes are anything else.
 */
export function decodeTensors(bytes: Uint8Array, subject = 'tensors'): TensorFile {
  const corrupt = (what: string, cause?: unknown): DistillError =>
    new DistillError('DISTILL_E_FILE_CORRUPT', `${subject} is not an intact safetensors file: ${what}.`, {
      subject,
      cause,
    });
  if (bytes.length < 8) throw corrupt(`it has ${plural(bytes.length, 'byte')}`);
  const headerBytes = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (headerBytes > bytes.length - 8)
    throw corrupt(`its header of ${plural(headerBytes, 'byte')} does not fit in ${bytes.length}`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + headerBytes)));
  } catch (error) {
    throw corrupt('its header is not JSON', error);
  }
  if (!isRecord(header)) throw corrupt('its header is not an object');
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((text) => typeof text === 'string')) {
    throw corrupt('its metadata are not texts');
  }
  // Not a slice of `bytes`: slices of a Buffer would be views.
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + 8 + headerBytes, bytes.length - 8 - headerBytes);
  const tensors: NamedArray[] = [];
  let covered = 0;
  for (const [name, value] of Object.entries(entries)) {
    const entry = parseEntry(value);
    if (entry === undefined || entry.end > data.length) throw corrupt(`the entry of ${name} makes no sense`);
    covered += entry.end - entry.begin;
    // A copy starts at an aligned address, which a view of the file's bytes may not.
    const values = data.slice(entry.begin, entry.end).buffer;
    tensors.push({ name, shape: entry.shape, data: new TYPES[entry.dtype](values) });
  }
  if (covered !== data.length) throw corrupt(`its tensors cover ${covered} of ${plural(data.length, 'byte')}`);
  return { tensors: tensors.sort(byName), metadata: metadata as Record<string, string> };
}
