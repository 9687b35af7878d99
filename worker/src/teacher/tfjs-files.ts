import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import type { Tf } from '../backend/tf.ts';
import type { ModelContents } from './contents.ts';
import { dialectOf } from './dialect.ts';
import { arrayOf, isObject, type Json, type JsonObject, objectOf, parseJson, stringOf } from './json.ts';
import { findNamed, type NamedWeight, toFloat32, type WeightSource } from './weights.ts';

/** A LayersModel on disk: the bytes of `model.json` and of its weight files, in the order the manifest names them. */
export interface LayersModelFiles {
  readonly contents: ModelContents;
  readonly bytes: readonly Buffer[];
}

/**
 * Reads a TensorFlow.js LayersModel, quantised weights included.
 * @throws DISTILL_E_TEACHER_CORRUPT for a missing or short weight file, DISTILL_E_TEACHER_FORMAT for a GraphModel.
 */
export async function readLayersModel(tf: Tf, path: string): Promise<LayersModelFiles> {
  const text = await readFile(path);
  const root = objectOf(parseJson(text.toString('utf8'), path), path);
  if (root['format'] === 'graph-model') {
    throw new DistillError(
      'DISTILL_E_TEACHER_FORMAT',
      `The teacher ${path} is a GraphModel: its layers are not visible.`,
      {
        subject: path,
      },
    );
  }
  const bytes: Buffer[] = [text];
  const entries: NamedWeight[] = [];
  for (const item of arrayOf(root['weightsManifest'], 'weightsManifest')) {
    const group = objectOf(item, 'weightsManifest group');
    const shards: Buffer[] = [];
    for (const name of arrayOf(group['paths'], 'weightsManifest paths')) {
      shards.push(await readShard(path, stringOf(name, 'weightsManifest path')));
    }
    bytes.push(...shards);
    entries.push(...decode(tf, Buffer.concat(shards), group));
  }
  const topology = modelConfig(root);
  const outer = objectOf(root['modelTopology'], 'modelTopology');
  const dialect = dialectOf(topology['keras_version'] ?? outer['keras_version'], 'TensorFlow.js');
  return { contents: { topology, dialect, weights: namedWeights(entries) }, bytes };
}

async function readShard(model: string, name: string): Promise<Buffer> {
  const folder = dirname(model);
  const path = join(folder, name);
  try {
    if (relative(folder, path).startsWith('..')) throw new Error('it lies outside of the model folder');
    return await readFile(path);
  } catch (cause) {
    throw new DistillError(
      'DISTILL_E_TEACHER_CORRUPT',
      `The teacher ${model} needs the weight file ${name}, which cannot be read: ${String(cause)}`,
      { subject: path, cause },
    );
  }
}

/** The weights of one manifest group; TensorFlow.js itself undoes quantisation. */
function decode(tf: Tf, buffer: Buffer, group: JsonObject): NamedWeight[] {
  const specs = arrayOf(group['weights'], 'weightsManifest weights') as unknown as Parameters<
    typeof tf.io.decodeWeights
  >[1];
  const packed = new Uint8Array(buffer).buffer;
  const entries: NamedWeight[] = [];
  try {
    tf.tidy(() => {
      for (const [name, tensor] of Object.entries(tf.io.decodeWeights(packed, specs))) {
        const weight = { shape: tensor.shape, data: toFloat32(tensor.dataSync()).slice() };
        entries.push({ path: name.split('/'), read: () => weight });
      }
    });
    return entries;
  } catch (cause) {
    const files = arrayOf(group['paths'], 'weightsManifest paths')
      .map((name) => JSON.stringify(name))
      .join(', ');
    const message = `The teacher's weight files (${files}) are too short: ${String(cause)}.`;
    throw new DistillError('DISTILL_E_TEACHER_CORRUPT', message, { subject: files, cause });
  }
}

function namedWeights(entries: readonly NamedWeight[]): WeightSource {
  return { get: (layer, name) => findNamed(entries, layer, name)?.read() };
}

/** The converter wraps the config of Keras as `model_config`; TensorFlow.js itself may not. */
function modelConfig(root: JsonObject): JsonObject {
  const topology = objectOf(root['modelTopology'], 'modelTopology');
  const inner: Json | undefined = topology['model_config'];
  return isObject(inner) ? inner : topology;
}
