import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs';
import { DistillError, toDistillError } from '@distillation/api/errors';
import { isNative, nativeBackend } from '../native-ops.ts';
import type { Tf } from '../tf.ts';
import { encodeGraph, TAG } from './graph-def.ts';
import { type Known, NotRecordable, record } from './record.ts';

/** A function of tensors as one graph of TensorFlow's. */
export interface Compiled {
  /** As the function; the caller owns what it gives. An argument has the type and shape of the one with which it was compiled. */
  run(args: readonly Tensor[]): Tensor[];
  dispose(): void;
}

/**
 * Whether functions are compiled on this backend. On GPUs it has not been tried: what is fed would travel to the device at each call.
 */
export const canCompile = (tf: Tf): boolean => isNative(tf) && !nativeBackend(tf).isUsingGpuDevice;

/**
 * Runs a function of tensors once, and makes a graph of the operations that TensorFlow ran for it (docs/adr/0029-compiled-steps.md). As a
 * graph they cost no JavaScript, write into memory that is free again, and a convolution, its bias and its activation are one operation.
 * The graph is the same for every process that compiles the same function: nothing in it depends on the values of its arguments.
 *
 * @returns undefined for a function that cannot be a graph, which depends on the function alone
 * @throws DISTILL_E_TEMPORARY_FOLDER where a graph cannot be written for TensorFlow to read
 */
export function compile(tf: Tf, args: readonly Tensor[], run: () => readonly Known[]): Compiled | undefined {
  const backend = nativeBackend(tf);
  try {
    const { nodes, placeholders, captured, outputs } = record(tf, args, run);
    const graph = load(tf, encodeGraph(nodes));
    const [inputs = '', results = ''] = [placeholders, outputs].map((names) => names.map(withNumber).join(','));
    return {
      run: (given) => {
        const ids = backend.getInputTensorIds([...given, ...captured]);
        return backend.binding.runSavedModel(graph, ids, inputs, results).map((one) => backend.createOutputTensor(one));
      },
      dispose: () => {
        backend.binding.deleteSavedModel(graph);
      },
    };
  } catch (thrown) {
    if (thrown instanceof NotRecordable) return undefined;
    throw thrown;
  }
}

/** The addon takes a name without a number for one. */
const withNumber = (name: string): string => (name.includes(':') ? name : `${name}:0`);

/**
 * TensorFlow reads graphs from folders only.
 * @throws NotRecordable when it refuses the graph
 * @throws DISTILL_E_TEMPORARY_FOLDER
 */
function load(tf: Tf, bytes: Uint8Array): number {
  const folder = written(bytes);
  try {
    return nativeBackend(tf).binding.loadSavedModel(folder, TAG);
  } catch (thrown) {
    throw new NotRecordable('TensorFlow refuses its graph', { cause: thrown });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A temporary folder with the graph. Without one the step is not run in another way, which would give other bits. */
function written(bytes: Uint8Array): string {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'distillation-graph-'));
    writeFileSync(join(folder, 'saved_model.pb'), bytes);
    return folder;
  } catch (thrown) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    const message = `A graph for TensorFlow cannot be written to ${tmpdir()}: ${toDistillError(thrown).message}.`;
    throw new DistillError('DISTILL_E_TEMPORARY_FOLDER', message, { subject: tmpdir(), cause: thrown });
  }
}
