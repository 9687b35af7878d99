import { Dataset, type Entity, File, Group, type Metadata, ready } from 'h5wasm';
import { DistillError } from '@distillation/api/errors';
import { plural } from '@distillation/api/format';
import { decodeNumbers, type StoredType } from './dtypes.ts';
import type { WeightArray } from '../layers/weight-array.ts';

/** An HDF5 file held in memory. */
export interface Hdf5 {
  /** A text attribute of the group at `path` (`''`: the root), or undefined. */
  text(path: string, attribute: string): string | undefined;
  /** A list-of-text attribute, also where Keras has split a long one into `<attribute>0`, `<attribute>1`, ... */
  texts(path: string, attribute: string): string[] | undefined;
  /** The numbers at `path`, or undefined when there is no dataset. */
  numbers(path: string): WeightArray | undefined;
  has(path: string): boolean;
}

let opened = 0;

/**
 * Opens the file's bytes, passes it to `use` and closes it again. The HDF5 library runs as WebAssembly on a file system
 * in memory, so a read-only root file system is enough.
 * @throws DISTILL_E_TEACHER_CORRUPT naming `subject` when it is not a whole HDF5 file or a part of it cannot be read.
 */
export async function withHdf5<T>(content: Uint8Array, subject: string, use: (file: Hdf5) => T): Promise<T> {
  const library = await ready;
  // Without this the library prints its own stack of C functions and continues with an invalid handle.
  library.activate_throwing_error_handler();
  const path = `/teacher-${opened++}.h5`;
  library.FS.writeFile(path, content);
  let file: File | undefined;
  try {
    file = whole(subject, () => new File(path, 'r'));
    return use(checked(subject, readerOf(library, file)));
  } finally {
    file?.close();
    library.FS.unlink(path);
  }
}

/** Runs a call of the library, which fails when the file's bytes are invalid. */
function whole<T>(subject: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    if (cause instanceof DistillError) throw cause;
    throw new DistillError(
      'DISTILL_E_TEACHER_CORRUPT',
      `The teacher ${subject} is not a whole HDF5 file: ${firstLine(cause)}.`,
      { subject, cause },
    );
  }
}

/** A reader whose errors name the file as damaged. */
function checked(subject: string, reader: Hdf5): Hdf5 {
  return {
    text: (path, attribute) => whole(subject, () => reader.text(path, attribute)),
    texts: (path, attribute) => whole(subject, () => reader.texts(path, attribute)),
    numbers: (path) => whole(subject, () => reader.numbers(path)),
    has: (path) => whole(subject, () => reader.has(path)),
  };
}

function readerOf(library: Library, file: File): Hdf5 {
  // Each is asked for once: a group lists all its members, of which a file of many layers has many, for each of their weights.
  const entities = new Map<string, Entity | null>([['', file]]);
  const members = new Map<Group, ReadonlySet<string>>();
  const has = (group: Group, name: string): boolean => {
    const names = members.get(group) ?? new Set(group.keys());
    members.set(group, names);
    return names.has(name);
  };
  const entity = (path: string): Entity | null => {
    const known = entities.get(path);
    if (known !== undefined) return known;
    const end = path.lastIndexOf('/');
    // The parent first: the library fails when asked for a path whose parent is missing.
    const parent = entity(path.slice(0, Math.max(end, 0)));
    const name = path.slice(end + 1);
    const found = parent instanceof Group && has(parent, name) ? parent.get(name) : null;
    entities.set(path, found);
    return found;
  };
  const attribute = (path: string, name: string): unknown => {
    const found = entity(path);
    return found instanceof Group || found instanceof Dataset ? attributeOf(library, found, name) : undefined;
  };
  return {
    has: (path) => entity(path) !== null,
    text: (path, name) => {
      const value = attribute(path, name);
      return typeof value === 'string' ? value : undefined;
    },
    texts: (path, name) => {
      const whole = attribute(path, name);
      if (whole !== undefined) return textList(whole);
      const parts: string[] = [];
      for (let part = 0; ; part++) {
        const value = attribute(path, `${name}${part}`);
        if (value === undefined) return part === 0 ? undefined : parts;
        parts.push(...textList(value));
      }
    },
    numbers: (path) => {
      const found = entity(path);
      if (!(found instanceof Dataset)) return undefined;
      const data = numbersOf(library, found);
      if (data !== undefined) return { shape: found.shape ?? [], data };
      throw new DistillError(
        'DISTILL_E_TEACHER_FORMAT',
        `The teacher's weight ${path} is stored as ${described(library, found)}, not as numbers of a type that Keras trains with.`,
        { subject: path },
      );
    },
  };
}

type Library = Awaited<typeof ready>;

/** Filters that the library supports: deflate, shuffle, Fletcher-32, n-bit, scale-offset. */
const FILTERS = new Set([1, 2, 3, 5, 6]);

/** The values of a data set; undefined when they are not numbers. */
function numbersOf(library: Library, { file_id, path, metadata, filters }: Dataset): Float32Array | undefined {
  const type = storedType(library, metadata);
  if (type === undefined || metadata.shape === null) return undefined;
  const foreign = filters.find(({ id }) => !FILTERS.has(id));
  if (foreign !== undefined) {
    throw new DistillError(
      'DISTILL_E_TEACHER_FORMAT',
      `The teacher's weight ${path} is packed by the HDF5 filter ${foreign.id} (${foreign.name}), which is not known here.`,
      { subject: path },
    );
  }
  // The library returns little-endian bytes for any type, but converts only some of them to numbers: half precision not.
  const size = metadata.size * metadata.total_size;
  const pointer = library._malloc(size);
  if (pointer === 0 && size > 0) throw new Error(`There is no memory for the ${plural(size, 'byte')} of ${path}`);
  try {
    library.get_dataset_data(file_id, path, null, null, null, BigInt(pointer));
    return decodeNumbers(library.HEAPU8.slice(pointer, pointer + size), type);
  } finally {
    library._free(pointer);
  }
}

function storedType({ H5T_class_t: classes }: Library, metadata: Metadata): StoredType | undefined {
  const { type, size, signed } = metadata;
  const plain = { size, signed };
  if (type === classes.H5T_INTEGER.value) return { kind: 'Integer', ...plain };
  if (type === classes.H5T_FLOAT.value) return { kind: 'Float', ...plain };
  // h5py writes booleans as an enumeration over bytes.
  if (type === classes.H5T_ENUM.value) return { kind: 'Integer', ...plain, signed: true };
  // HDF5 has no bfloat16: Keras stores its two bytes as they are in memory.
  if (type === classes.H5T_OPAQUE.value && size === 2) return { kind: 'BFloat16', ...plain };
  return undefined;
}

function described({ H5T_class_t: classes }: Library, { metadata }: Dataset): string {
  const words: readonly (readonly [{ readonly value: number }, string])[] = [
    [classes.H5T_INTEGER, 'whole numbers'],
    [classes.H5T_FLOAT, 'floating point numbers'],
    [classes.H5T_STRING, 'text'],
    [classes.H5T_OPAQUE, 'opaque data'],
    [classes.H5T_COMPOUND, 'compounds'],
  ];
  const kind = words.find(([{ value }]) => value === metadata.type)?.[1] ?? `HDF5 type ${metadata.type}`;
  return `${kind} of ${plural(metadata.size, 'byte')}`;
}

/**
 * An attribute's value. h5py marks texts as ASCII although it writes UTF-8, and the library follows the mark: it makes one
 * character of each byte, in Latin-1 for texts of variable length, in Windows-1252 for those of fixed length.
 */
function attributeOf(library: Library, found: Group | Dataset, name: string): unknown {
  const { file_id, path } = found;
  if (!library.get_attribute_names(file_id, path).includes(name)) return undefined;
  const { type, size, total_size: count, vlen, cset, shape } = library.get_attribute_metadata(file_id, path, name);
  const value: unknown = found.attrs[name]?.value;
  if (type !== library.H5T_class_t.H5T_STRING.value || cset === 1 || shape === null) return value;
  if (vlen) return Array.isArray(value) ? value.map(fromLatin1) : fromLatin1(value);
  const pointer = library._malloc(size * count);
  try {
    library.get_attribute_data(file_id, path, name, BigInt(pointer));
    const bytes = Buffer.from(library.HEAPU8.slice(pointer, pointer + size * count));
    const texts = Array.from({ length: count }, (_, i) => untilZero(bytes.subarray(i * size, (i + 1) * size)));
    return shape.length === 0 ? texts[0] : texts;
  } finally {
    library._free(pointer);
  }
}

function fromLatin1(value: unknown): unknown {
  return typeof value === 'string' ? Buffer.from(value, 'latin1').toString('utf8') : value;
}

function untilZero(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return (text.split('\n', 1)[0] ?? text).replace(/[.:]$/, '');
}
