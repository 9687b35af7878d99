import { sha256 } from '@distillation/ledger/envelope';
import { toTopology } from '../../teacher/build.ts';
import type { JsonObject } from '../../teacher/files/json.ts';
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

/** What a file says of a network beside its layers. */
export interface About {
  /** Kind of the network's outputs; derived from its last layers when absent. */
  readonly outputs?: TeacherOutputs | undefined;
  /** For people and programs; neither TensorFlow.js nor Keras reads it. */
  readonly description?: JsonObject | undefined;
}

/**
 * The network in the format that `tf.loadLayersModel` reads in any TensorFlow.js, which gives the description by `getUserDefinedMetadata()`.
 * The bytes depend on the network and the description alone: no dates, no counters of the process, nothing of the backend that computed it.
 */
export function modelFiles(network: Network, about: About = {}): ModelFiles {
  const { json, names } = described(network, about);
  const bytes = Buffer.concat(weightsOf(network).map((weight) => littleEndian(weight.read().dataSync<'float32'>())));
  const files = new Map<string, Uint8Array>([
    ['model.json', json],
    ...names.map((name, i): [string, Uint8Array] => [name, bytes.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES)]),
  ]);
  return { files, sha256: sha256(...files.values()), bytes: json.length + bytes.length };
}

/** Total size of those files, without making them. */
export function modelBytes(network: Network): number {
  const { json, weightBytes } = described(network, {});
  return json.length + weightBytes;
}

interface Described {
  readonly json: Buffer;
  /** Of the weight files. */
  readonly names: readonly string[];
  /** Total size of the weight files. */
  readonly weightBytes: number;
}

function described(network: Network, { outputs, description }: About): Described {
  const manifest = weightsOf(network).map(({ originalName, shape }) => ({
    name: originalName,
    shape: shape.map((size) => size ?? 0),
    dtype: 'float32',
  }));
  const weightBytes = manifest.reduce(
    (sum, { shape }) => sum + Float32Array.BYTES_PER_ELEMENT * shape.reduce((count, size) => count * size, 1),
    0,
  );
  const count = Math.max(1, Math.ceil(weightBytes / SHARD_BYTES));
  const names = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  const metadata = { ...description, ...metadataOf(network.graph, { names: builtNames(network.graph), outputs }) };
  const model = {
    format: 'layers-model',
    generatedBy: 'distillation-operator',
    convertedBy: null,
    ...(Object.keys(metadata).length > 0 && { userDefinedMetadata: metadata }),
    modelTopology: toTopology(network.graph),
    weightsManifest: [{ paths: names, weights: manifest }],
  };
  return { json: Buffer.from(JSON.stringify(model)), names, weightBytes };
}

const weightsOf = ({ model }: Network) => model.layers.flatMap((layer) => layer.weights);

/** The values as bytes. Every machine that TensorFlow.js runs on is little-endian, as the file format is. */
function littleEndian({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
