import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import type { TeacherSpec } from '@distillation/api/job';
import type { Shape3 } from '@distillation/api/plan';
import { DistillError } from '@distillation/api/errors';
import type { Tf } from '../backend/tf.ts';
import { buildModel, toTopology } from './build.ts';
import type { ModelContents } from './contents.ts';
import { type Graph, type Network, nodesById } from './graph.ts';
import type { JsonObject } from './json.ts';
import { readKeras, readKerasH5 } from './keras-files.ts';
import { lower, type Lowered } from './lower.ts';
import { readLayersModel } from './tfjs-files.ts';
import { parseTopology } from './topology.ts';
import { collectWeights } from './weights.ts';

export type TeacherFormat = Exclude<TeacherSpec['format'], 'Auto'>;
export type TeacherOutputs = 'Logits' | 'Probabilities';

/** A network ready to be taught from, or a student read back: any image classifier of a supported format. */
export interface Teacher extends Network {
  /** The functional config that `model` was built from. */
  readonly topology: JsonObject;
  readonly format: TeacherFormat;
  /** Hex SHA-256 of the file; of a LayersModel, of model.json followed by its weight files. */
  readonly sha256: string;
  /** Of the file as it lies on the volume; of a LayersModel, of model.json and its weight files. */
  readonly fileBytes: number;
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
  /** What the last layer gives; `Auto` (the default) looks for a softmax or sigmoid. */
  readonly outputs?: TeacherSpec['outputs'];
}

/**
 * Loads a trained classifier: a TensorFlow.js LayersModel, a Keras 2 or 3 `.h5`, or a `.keras` archive, without Python.
 * @throws DISTILL_E_TEACHER_MISSING, DISTILL_E_TEACHER_FORMAT, DISTILL_E_TEACHER_CORRUPT, DISTILL_E_TEACHER_LAYER,
 * DISTILL_E_TEACHER_SHAPE.
 */
export async function loadTeacher(tf: Tf, options: TeacherOptions): Promise<Teacher> {
  const path = await resolveFile(options.path);
  const format = options.format === undefined || options.format === 'Auto' ? await detectFormat(path) : options.format;
  const { lowered, sha256, fileBytes } = await readTeacher(tf, path, format);
  const { graph, weights } = lowered;
  const inputShape = imageShape(graph);
  const model = await buildModel(tf, graph, weights);
  try {
    const classes = classCount(model);
    const outputs = options.outputs === undefined || options.outputs === 'Auto' ? outputsOf(graph) : options.outputs;
    const params = model.countParams();
    return {
      model,
      graph,
      topology: toTopology(graph),
      format,
      sha256,
      fileBytes,
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

async function resolveFile(path: string): Promise<string> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (cause) {
    throw new DistillError('DISTILL_E_TEACHER_MISSING', `There is no teacher at ${path}.`, { subject: path, cause });
  }
  return isFolder ? resolveFile(join(path, 'model.json')) : path;
}

const SIGNATURES: readonly (readonly [TeacherFormat, Buffer])[] = [
  ['KerasH5', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')],
  ['Keras', Buffer.from('PK\x03\x04', 'latin1')],
  ['TfjsLayers', Buffer.from('{')],
];

async function detectFormat(path: string): Promise<TeacherFormat> {
  const content = await readFile(path);
  const text = content.subarray(0, 64).toString('latin1').trimStart();
  const found = SIGNATURES.find(([, start]) => text.startsWith(start.toString('latin1')));
  if (found !== undefined) return found[0];
  throw new DistillError(
    'DISTILL_E_TEACHER_FORMAT',
    `The teacher ${path} starts like no known format (${content.length} bytes, first ${content.subarray(0, 8).toString('hex')}).`,
    { subject: path },
  );
}

async function readTeacher(
  tf: Tf,
  path: string,
  format: TeacherFormat,
): Promise<{ readonly lowered: Lowered; readonly sha256: string; readonly fileBytes: number }> {
  const assemble = ({ topology, dialect, weights }: ModelContents): Lowered => {
    const graph = parseTopology(topology, dialect);
    imageShape(graph);
    return lower(graph, collectWeights(graph, weights));
  };
  if (format === 'TfjsLayers') {
    const { contents, bytes } = await readLayersModel(tf, path);
    return { lowered: assemble(contents), ...onDisk(bytes) };
  }
  const content = await readFile(path);
  const read = format === 'Keras' ? readKeras : readKerasH5;
  return { lowered: await read(content, basename(path), assemble), ...onDisk([content]) };
}

function onDisk(files: readonly Buffer[]): Pick<Teacher, 'sha256' | 'fileBytes'> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file);
  return { sha256: hash.digest('hex'), fileBytes: files.reduce((sum, { length }) => sum + length, 0) };
}

/** The sample shape that the input layer fixes. */
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

/** Layers that pass class scores on as they are. */
const PASS_ON = new Set(['Flatten', 'Reshape', 'Dropout']);

/** Probabilities when the last computation is a softmax or sigmoid, as Keras' classifiers end, else logits. */
function outputsOf(graph: Graph): TeacherOutputs {
  const byId = nodesById(graph);
  for (let node = byId.get(graph.output); node !== undefined; node = byId.get(node.inputs[0] ?? '')) {
    const layer = graph.layers.get(node.layer);
    if (layer?.className === 'Softmax') return 'Probabilities';
    const activation = layer?.config['activation'];
    if (activation === 'softmax' || activation === 'sigmoid') return 'Probabilities';
    const passesOn =
      layer !== undefined &&
      (PASS_ON.has(layer.className) || (activation === 'linear' && layer.className === 'Activation'));
    if (!passesOn) return 'Logits';
  }
  return 'Logits';
}
