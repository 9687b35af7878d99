import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { plural } from '@distillation/api/format';
import type { Tf } from '../../backend/tf.ts';
import type { ModelContents } from './contents.ts';
import { dialectOf } from './dialect.ts';
import {
  arrayOf,
  entryOf,
  isObject,
  type Json,
  type JsonObject,
  numbersOf,
  objectOf,
  parseJson,
  stringOf,
} from './json.ts';
import { namedWeights } from './tfjs-weights.ts';
import { type WeightEntry, toFloat32 } from '../weights.ts';

/** A LayersModel on disk: the bytes of `model.json` and of its weight files, in the order of the manifest. */
interface LayersModelFiles {
  readonly contents: ModelContents;
  readonly bytes: readonly Buffer[];
}

/**
 * Reads a TensorFlow.js LayersModel, quantised weights included.
 * @throws DISTILL_E_TEACHER_MISSING for a missing weight file, DISTILL_E_TEACHER_CORRUPT for one that is too short,
 * DISTILL_E_TEACHER_FORMAT for a GraphModel, for other JSON and for weights in a form that TensorFlow.js does not know.
 */
export async function readLayersModel(tf: Tf, path: string): Promise<LayersModelFiles> {
  const text = await readFile(path);
  const root = objectOf(parseJson(text.toString('utf8'), path), path);
  if (root['format'] === 'graph-model') {
    throw foreign(path, 'is a GraphModel: its layers are not visible');
  }
  for (const key of ['modelTopology', 'weightsManifest']) {
    if (!(key in root)) throw foreign(path, `is JSON without ${key}, so it is not a LayersModel`);
  }
  const bytes: Buffer[] = [text];
  const entries: WeightEntry[] = [];
  for (const item of arrayOf(root['weightsManifest'], 'weightsManifest')) {
    const group = objectOf(item, 'weightsManifest group');
    const shards: Buffer[] = [];
    for (const name of arrayOf(group['paths'], 'weightsManifest paths')) {
      shards.push(await readShard(path, stringOf(name, 'weightsManifest path')));
    }
    bytes.push(...shards);
    entries.push(...decode(tf, path, { buffer: Buffer.concat(shards), group }));
  }
  const topology = modelConfig(root);
  const outer = objectOf(root['modelTopology'], 'modelTopology');
  const dialect = dialectOf(topology['keras_version'] ?? outer['keras_version'], 'TensorFlow.js');
  const { userDefinedMetadata: metadata = null } = root;
  return {
    contents: { topology, dialect, metadata, weights: namedWeights({ path, topology, dialect }, entries) },
    bytes,
  };
}

async function readShard(model: string, name: string): Promise<Buffer> {
  const folder = dirname(model);
  const path = join(folder, name);
  if (relative(folder, path).startsWith('..')) {
    throw foreign(model, `needs the weight file ${name}, which lies outside of its folder`);
  }
  try {
    return await readFile(path);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
    const message = `The teacher ${model} needs the weight file ${name}, which is not beside it.`;
    throw new DistillError('DISTILL_E_TEACHER_MISSING', message, { subject: path, cause });
  }
}

function foreign(path: string, problem: string): DistillError {
  return new DistillError('DISTILL_E_TEACHER_FORMAT', `The teacher ${path} ${problem}.`, { subject: path });
}

/** The weights of one manifest group; TensorFlow.js itself reverses the quantisation. */
function decode(
  tf: Tf,
  path: string,
  { buffer, group }: { readonly buffer: Buffer; readonly group: JsonObject },
): WeightEntry[] {
  const specs = arrayOf(group['weights'], 'weightsManifest weights').map((item) =>
    objectOf(item, 'weightsManifest weight'),
  );
  const names = specs.map((spec) => stringOf(spec['name'], 'name of a weight'));
  checkLength(buffer, specs, group);
  const packed = new Uint8Array(buffer).buffer;
  const entries: WeightEntry[] = [];
  try {
    tf.tidy(() => {
      // By index, since several weights may have the same name, as in nested models whose layers have equal names.
      const numbered = specs.map((spec, index) => ({ ...spec, name: String(index) }));
      const tensors = tf.io.decodeWeights(packed, numbered as unknown as Specs);
      names.forEach((name, index) => {
        const tensor = tensors[String(index)];
        if (tensor === undefined) return;
        const weight = { shape: tensor.shape, data: toFloat32(tensor.dataSync()).slice() };
        entries.push({ path: name.split('/'), read: () => weight });
      });
    });
    return entries;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw foreign(path, `has weights that TensorFlow.js does not decode: ${problem.replace(/\.$/, '')}`);
  }
}

type Specs = Parameters<Tf['io']['decodeWeights']>[1];

const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  bool: 1,
  float16: 2,
  uint16: 2,
  uint8: 1,
};

/** @throws DISTILL_E_TEACHER_CORRUPT when the files of a group are shorter than its weights */
function checkLength(buffer: Buffer, specs: readonly JsonObject[], group: JsonObject): void {
  let total = 0;
  for (const spec of specs) {
    const packing = isObject(spec['quantization']) ? spec['quantization']['dtype'] : spec['dtype'];
    const size = typeof packing === 'string' ? entryOf(BYTES, packing) : undefined;
    const shape = numbersOf(spec['shape']);
    // The length of texts is part of the data; an unknown type is reported by TensorFlow.js itself.
    if (size === undefined || shape === undefined) return;
    total += size * shape.reduce((product, length) => product * length, 1);
  }
  if (total <= buffer.length) return;
  const files = arrayOf(group['paths'], 'weightsManifest paths')
    .map((name) => JSON.stringify(name))
    .join(', ');
  const message = `The teacher's weight files (${files}) hold ${plural(buffer.length, 'byte')}, and its weights take ${total}.`;
  throw new DistillError('DISTILL_E_TEACHER_CORRUPT', message, { subject: files });
}

/** The converter wraps the Keras config as `model_config`; TensorFlow.js itself may not. */
function modelConfig(root: JsonObject): JsonObject {
  const topology = objectOf(root['modelTopology'], 'modelTopology');
  const inner: Json | undefined = topology['model_config'];
  return isObject(inner) ? inner : topology;
}
