import { createHash } from 'node:crypto';
import { toTopology } from '../../teacher/build.ts';
import type { Network } from '../../teacher/graph/graph.ts';
import { builtNames } from '../../teacher/graph/names.ts';
import { metadataOf } from '../../teacher/metadata.ts';
import type { TeacherOutputs } from '../../teacher/graph/output.ts';

/** Largest weight file, in bytes, as the TensorFlow.js converter splits them: browsers cache files of this size. */
const SHARD_BYTES = 4 * 1024 * 1024;

/** A network as the files of a TensorFlow.js LayersModel. */
export interface ModelFiles {
  /** Contents by file name: `model.json` first, then the weights in order. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** SHA-256 over those contents in that order, hex: the hash that `loadTeacher` gives for the same folder. */
  readonly sha256: string;
  /** Total size of the files. */
  readonly bytes: number;
}

/**
 * The network in the format that `tf.loadLayersModel` reads in any TensorFlow.js. The bytes depend on the network alone: no dates,
 * no counters of the process, nothing of the backend that computed it.
 * @param outputs kind of the network's outputs; derived from its last layers when absent
 */
export function modelFiles(network: Network, outputs?: TeacherOutputs): ModelFiles {
  const weights = network.model.layers.flatMap((layer) => layer.weights);
  const manifest = weights.map(({ originalName, shape }) => ({
    name: originalName,
    shape: shape.map((size) => size ?? 0),
    dtype: 'float32',
  }));
  const bytes = Buffer.concat(weights.map((weight) => littleEndian(weight.read().dataSync<'float32'>())));
  const count = Math.max(1, Math.ceil(bytes.length / SHARD_BYTES));
  const shards = Array.from({ length: count }, (_, i) => ({
    name: `group1-shard${i + 1}of${count}.bin`,
    data: bytes.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES),
  }));
  const metadata = metadataOf(network.graph, { names: builtNames(network.graph), outputs });
  const model = {
    format: 'layers-model',
    generatedBy: 'distillation-operator',
    convertedBy: null,
    ...(metadata !== undefined && { userDefinedMetadata: metadata }),
    modelTopology: toTopology(network.graph),
    weightsManifest: [{ paths: shards.map(({ name }) => name), weights: manifest }],
  };
  const files = new Map<string, Uint8Array>([
    ['model.json', Buffer.from(JSON.stringify(model))],
    ...shards.map(({ name, data }): [string, Uint8Array] => [name, data]),
  ]);
  const hash = createHash('sha256');
  let total = 0;
  for (const content of files.values()) {
    hash.update(content);
    total += content.length;
  }
  return { files, sha256: hash.digest('hex'), bytes: total };
}

/** The values as bytes. Every machine that TensorFlow.js runs on is little-endian, as the file format is. */
function littleEndian({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
