import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import type { TeacherSpec } from '@distillation/api/job';
import type { Shape3 } from '@distillation/api/plan';
import { DistillError } from '@distillation/api/errors';
import { sha256 } from '@distillation/ledger/envelope';
import type { Tf } from '../backend/tf.ts';
import { buildModel, toTopology } from './build.ts';
import type { ModelContents } from './files/contents.ts';
import { detectFormat, resolveFile, type TeacherFormat } from './files/format.ts';
import type { Graph, Network } from './graph/graph.ts';
import type { Json, JsonObject } from './files/json.ts';
import { lower, type Lowered } from './lower.ts';
import { statedOutputs, withMetadata } from './metadata.ts';
import { outputsOf, type TeacherOutputs } from './graph/output.ts';
import { readLayersModel } from './files/tfjs-files.ts';
import { parseTopology } from './topology.ts';
import { type SingleOutput, withTwoClasses } from './two-classes.ts';
import { collectWeights, named } from './weights.ts';

/** A network to distil from, or a student read back: any image classifier in a supported format. */
export interface Teacher extends Network {
  /** The functional config that `model` was built from. */
  readonly topology: JsonObject;
  readonly format: TeacherFormat;
  /** Hex SHA-256 of the file; of a LayersModel, of model.json followed by its weight files. */
  readonly sha256: string;
  /** Number of weights (scalars), trainable or not. */
  readonly params: number;
  /** [height, width, channels] of one sample. */
  readonly inputShape: Shape3;
  readonly classes: number;
  readonly outputs: TeacherOutputs;
}

export interface TeacherOptions {
  /** A file, or the folder of a model.json. */
  readonly path: string;
  readonly format?: TeacherSpec['format'];
  /** What the last layer outputs; `Auto` (the default) follows what a student's file says, otherwise looks for a softmax or sigmoid. */
  readonly outputs?: TeacherSpec['outputs'];
}

/**
 * Loads a trained classifier: a TensorFlow.js LayersModel, a Keras 2 or 3 `.h5`, or a `.keras` archive, without Python.
 * @throws DISTILL_E_TEACHER_MISSING, DISTILL_E_TEACHER_FORMAT, DISTILL_E_TEACHER_CORRUPT, DISTILL_E_TEACHER_LAYER,
 * DISTILL_E_TEACHER_SHAPE.
 */
export async function loadTeacher(tf: Tf, options: TeacherOptions): Promise<Teacher> {
  const path = await resolveFile(options.path);
  const format = await detectFormat(path, options.format ?? 'Auto');
  const { lowered, loss, stated, hash } = await readTeacher(tf, path, format);
  const requested = options.outputs ?? 'Auto';
  const { graph, model } = await buildClassifier(tf, lowered, { outputs: requested, loss });
  try {
    const inputShape = imageShape(graph);
    const classes = classCount(model);
    const known = requested === 'Auto' ? stated : requested;
    const outputs = known === undefined || graph !== lowered.graph ? outputsOf(graph) : known;
    const params = model.countParams();
    return {
      model,
      graph,
      topology: toTopology(graph),
      format,
      sha256: hash,
      params,
      inputShape,
      classes,
      outputs,
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Builds the model; one that outputs a single number is built again to output one for each of two classes. */
async function buildClassifier(tf: Tf, lowered: Lowered, single: SingleOutput): Promise<Network> {
  const model = await buildModel(tf, lowered.graph, named(lowered.weights));
  if (model.outputs[0]?.shape.slice(1).join() !== '1') return { graph: lowered.graph, model };
  model.dispose();
  const { graph, weights } = withTwoClasses(lowered, single);
  return { graph, model: await buildModel(tf, graph, named(weights)) };
}

interface Assembled {
  readonly lowered: Lowered;
  readonly loss: Json | undefined;
  /** The kind of outputs that a student's file states. */
  readonly stated: TeacherOutputs | undefined;
}

async function readTeacher(
  tf: Tf,
  path: string,
  format: TeacherFormat,
): Promise<Assembled & { readonly hash: string }> {
  if (format === 'TfjsLayers') {
    const { contents, bytes } = await readLayersModel(tf, path);
    return { ...assemble(contents), hash: sha256(...bytes) };
  }
  const content = await readFile(path);
  // Loaded only when needed, since loading the HDF5 library takes time.
  const { readKeras, readKerasH5 } = await import('./files/keras-files.ts');
  const read = format === 'Keras' ? readKeras : readKerasH5;
  return { ...(await read(content, basename(path), assemble)), hash: sha256(content) };
}

function assemble({ topology, dialect, loss, metadata, weights }: ModelContents): Assembled {
  const graph = parseTopology(topology, dialect);
  imageShape(graph);
  const lowered = withMetadata(lower(graph, collectWeights(graph, weights)), metadata);
  return { lowered, loss, stated: statedOutputs(metadata) };
}

/**
 * The network in a `.keras` file that is in memory; the caller disposes of the model.
 * @throws as `loadTeacher` does
 */
export async function networkOfKeras(tf: Tf, content: Buffer): Promise<Network> {
  const { readKeras } = await import('./files/keras-files.ts');
  const { lowered } = await readKeras(content, 'student.keras', assemble);
  return { graph: lowered.graph, model: await buildModel(tf, lowered.graph, named(lowered.weights)) };
}

/** The sample shape in the input layer. */
function imageShape(graph: Graph): Shape3 {
  const shape = graph.layers.get(graph.input)?.config['batch_input_shape'];
  const [, height, width, channels] = Array.isArray(shape) ? (shape as unknown[]) : [];
  const isSize = (size: unknown): size is number => typeof size === 'number' && Number.isInteger(size) && size > 0;
  if (Array.isArray(shape) && shape.length === 4 && isSize(height) && isSize(width) && isSize(channels)) {
    return [height, width, channels];
  }
  throw new DistillError(
    'DISTILL_E_TEACHER_SHAPE',
    `The teacher takes ${JSON.stringify(shape)}, not images of one fixed size [batch, height, width, channels].`,
  );
}

function classCount(model: LayersModel): number {
  const shape = model.outputs[0]?.shape ?? [];
  const [, classes] = shape;
  if (shape.length === 2 && typeof classes === 'number' && classes > 1) return classes;
  throw new DistillError(
    'DISTILL_E_TEACHER_SHAPE',
    `The teacher gives ${JSON.stringify(shape)}, not one score for each of two or more classes [batch, classes].`,
  );
}
