import { Dataset, type Entity, File, Group, ready } from 'h5wasm';
import { DistillError } from '@distillation/api/errors';
import { toFloat32, type WeightArray } from './weights.ts';

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
  // Without this the library prints its own stack of C functions and goes on with an invalid handle.
  library.activate_throwing_error_handler();
  const path = `/teacher-${opened++}.h5`;
  library.FS.writeFile(path, content);
  let file: File | undefined;
  try {
    file = new File(path, 'r');
    return use(readerOf(file));
  } catch (cause) {
    if (cause instanceof DistillError) throw cause;
    throw new DistillError(
      'DISTILL_E_TEACHER_CORRUPT',
      `The teacher ${subject} is not a whole HDF5 file: ${firstLine(cause)}`,
      { subject, cause },
    );
  } finally {
    file?.close();
    library.FS.unlink(path);
  }
}

function readerOf(file: File): Hdf5 {
  const entity = (path: string): Entity | null => {
    if (path === '') return file;
    let current: Entity | null = file;
    // One step at a time: asking for a path whose parent is missing is an error in the library.
    for (const part of path.split('/')) {
      if (!(current instanceof Group) || !current.keys().includes(part)) return null;
      current = current.get(part);
    }
    return current;
  };
  const attribute = (path: string, name: string): unknown => {
    const found = entity(path);
    return found instanceof Group || found instanceof Dataset ? found.attrs[name]?.value : undefined;
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
      const value: unknown = found.value;
      const shape = found.shape ?? [];
      if (typeof value === 'number') return { shape, data: Float32Array.of(value) };
      if (!ArrayBuffer.isView(value) || value instanceof DataView) {
        throw new DistillError('DISTILL_E_TEACHER_CORRUPT', `The teacher's weight ${path} does not hold numbers.`, {
          subject: path,
        });
      }
      // Copied: the library's view may lie in its own memory.
      return { shape, data: toFloat32(value as Float64Array).slice() };
    },
  };
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split('\n', 1)[0] ?? text;
}
