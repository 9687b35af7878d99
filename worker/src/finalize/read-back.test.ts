import { join } from 'node:path';
import type { io, LayersModel, Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listLayers } from '../teacher/graph/candidates.ts';
import { applications, type Network, preparationLayers } from '../teacher/graph/graph.ts';
import { loadTeacher, type Teacher } from '../teacher/load.ts';
import { assembleStudent, studentParts } from '../teacher/graph/rewrite/replace.ts';
import { blocksFor } from '../../test/blocks.ts';
import { pixels, take, temporaryFile, temporaryFolder, testTf } from '../../test/teacher.ts';
import { writeNetwork } from '../../test/network-files.ts';
import { drawnNetwork } from '../../test/networks.ts';
import { nodeFileLayer } from '@distillation/ledger/file-layer';
import { writeFolder } from '@distillation/ledger/write-folder';
import { modelFiles, type ModelFiles } from './student/export.ts';
import { kerasFile } from './student/keras/file.ts';

const tf = await testTf();

const ALL = { include: ['*'], exclude: [] };

/** The properties of a student that every reader must agree on. */
function described(network: Network): object {
  const { graph } = network;
  const { candidates, kept } = listLayers(network, ALL);
  return {
    nodes: graph.nodes,
    layers: [...applications(graph).keys()].map((name) => {
      const { className, origin } = graph.layers.get(name) ?? {};
      return { name, className, origin };
    }),
    ends: [graph.name, graph.input, graph.output],
    preparation: preparationLayers(graph),
    candidates,
    kept,
  };
}

function outputs(model: LayersModel, { inputShape }: Teacher): Float32Array {
  return tf.tidy(() => take(model.apply(pixels(tf, [2, ...inputShape]), { training: false }) as Tensor));
}

async function written({ files }: ModelFiles): Promise<string> {
  const folder = join(await temporaryFolder(), 'student');
  await writeFolder(nodeFileLayer, folder, files);
  return folder;
}

/** The files as TensorFlow.js itself reads them. */
function stock({ files }: ModelFiles): io.IOHandler {
  const [json, ...shards] = [...files.values()];
  const { modelTopology, weightsManifest } = JSON.parse(Buffer.from(json ?? []).toString()) as io.ModelJSON;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const weightData = new Uint8Array(Buffer.concat(shards)).buffer;
  return { load: () => Promise.resolve({ modelTopology, weightSpecs, weightData }) };
}

async function isReadBack(network: Network, teacher: Teacher): Promise<ModelFiles> {
  const files = modelFiles(network);
  const expected = outputs(network.model, teacher);
  const again = await loadTeacher(tf, { path: await written(files) });
  expect(again).toMatchObject({ classes: teacher.classes, outputs: teacher.outputs, inputShape: teacher.inputShape });
  expect(again.sha256).toBe(files.sha256);
  expect(described(again)).toEqual(described(network));
  expect(outputs(again.model, teacher)).toEqual(expected);
  const anywhere = await tf.loadLayersModel(stock(files));
  expect(outputs(anywhere, teacher)).toEqual(expected);
  anywhere.dispose();
  const rewritten = modelFiles(again);
  again.model.dispose();
  return rewritten;
}

/** The convolutions in order; how deep they lie differs where Keras takes several layers for one. */
function convolutions(network: Network): object {
  const { candidates, kept } = listLayers(network, ALL);
  const all = [...candidates, ...kept.map(({ layer }) => layer)];
  return all.map((layer) => ({ ...layer, depth: undefined }));
}

/** The same network in a `.keras` file: our reader computes the same numbers from it, and knows the layers by their names. */
async function isReadFromKeras(network: Network, teacher: Teacher): Promise<void> {
  const content = await kerasFile(network, { outputs: teacher.outputs });
  const again = await loadTeacher(tf, { path: await temporaryFile('student.keras', Buffer.from(content)) });
  expect(again).toMatchObject({ classes: teacher.classes, outputs: teacher.outputs, inputShape: teacher.inputShape });
  expect(outputs(again.model, teacher)).toEqual(outputs(network.model, teacher));
  expect(convolutions(again)).toEqual(convolutions(network));
  expect(preparationLayers(again.graph)).toEqual(preparationLayers(network.graph));
  again.model.dispose();
}

/** Reading and writing is idempotent: a network read from its files is written as the same bytes. */
async function isFixedPoint(files: ModelFiles): Promise<void> {
  const again = await loadTeacher(tf, { path: await written(files) });
  expect(Buffer.from(modelFiles(again).files.get('model.json') ?? []).toString()).toBe(
    Buffer.from(files.files.get('model.json') ?? []).toString(),
  );
  expect(modelFiles(again).sha256).toBe(files.sha256);
  again.model.dispose();
}

test('a network of any kind, and its student, are read back as what they were', async () => {
  await fc.assert(
    fc.asyncProperty(drawnNetwork, async (drawn) => {
      const teacher = await loadTeacher(tf, {
        path: await writeNetwork(drawn),
        outputs: drawn.head.units === 1 && drawn.head.ends === 'linear' ? 'Logits' : 'Auto',
      });
      await isFixedPoint(await isReadBack(teacher, teacher));
      await isReadFromKeras(teacher, teacher);
      const student = await assembleStudent(tf, studentParts(teacher, blocksFor(teacher)));
      await isFixedPoint(await isReadBack(student, teacher));
      await isReadFromKeras(student, teacher);
      student.model.dispose();
      teacher.model.dispose();
    }),
    { numRuns: 60, seed: 8 },
  );
});
