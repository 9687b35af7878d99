import { File, Group, ready } from 'h5wasm';
import { internalError } from '@distillation/api/errors';
import type { WeightArray } from '../../../teacher/layers/weight-array.ts';

/** A model, or a layer of it, with its weights in Keras' order. */
export interface StoredWeights {
  /** Where they are: `''` for the model, which has none itself, `layers/conv2d_1` for a layer. */
  readonly path: string;
  /** Keras' name, for those who look into the file. */
  readonly name: string;
  readonly weights: readonly WeightArray[];
}

/**
 * `model.weights.h5` of a `.keras` file: `<path>/vars/<number>` for each weight, in 32 bits. The bytes depend on the arguments alone.
 */
export async function weightsFile(stored: readonly StoredWeights[]): Promise<Uint8Array> {
  const library = await ready;
  // Without this the library prints its own stack of C functions and continues with an invalid handle.
  library.activate_throwing_error_handler();
  const target = '/student.weights.h5';
  return atTheEpoch(() => {
    const file = new File(target, 'w');
    try {
      for (const { path, name, weights } of stored) {
        const vars = [...path.split('/'), 'vars'].filter((part) => part !== '').reduce(groupIn, file);
        vars.create_attribute('name', name);
        weights.forEach(({ shape, data }, index) => {
          vars.create_dataset({ name: String(index), data, shape: [...shape], dtype: '<f4' });
        });
      }
    } finally {
      file.close();
    }
    try {
      return library.FS.readFile(target);
    } finally {
      library.FS.unlink(target);
    }
  });
}

function groupIn(parent: Group, name: string): Group {
  const found = parent.keys().includes(name) ? parent.get(name) : parent.create_group(name);
  if (found instanceof Group) return found;
  throw internalError(`${name} in a weights file is not a group.`);
}

/**
 * HDF5 writes the time into every object, and the library has no setting for it. It asks `Date.now`, which stands still during this call;
 * nothing else runs meanwhile.
 */
function atTheEpoch<T>(work: () => T): T {
  const { now } = Date;
  Date.now = () => 0;
  try {
    return work();
  } finally {
    Date.now = now;
  }
}
