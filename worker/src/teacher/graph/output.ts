import { numbersOf } from '../files/json.ts';
import { type Graph, type GraphLayer, isPreparation, nodesById } from './graph.ts';

/** Determines the kind of a network's output from its last layers. Pure. */

export type TeacherOutputs = 'Logits' | 'Probabilities';

/** Layers that do not change class scores. */
const PASS_ON = new Set(['Flatten', 'Reshape', 'Dropout']);

/** The last layer that computes something; the layers after it only pass scores on. */
export function lastComputation(graph: Graph): GraphLayer | undefined {
  const byId = nodesById(graph);
  for (let node = byId.get(graph.output); node !== undefined; node = byId.get(node.inputs[0] ?? '')) {
    const layer = graph.layers.get(node.layer);
    const isPassThrough =
      layer !== undefined &&
      (PASS_ON.has(layer.className) || (layer.config['activation'] === 'linear' && layer.className === 'Activation'));
    if (!isPassThrough) return layer;
  }
  return undefined;
}

/** Probabilities when the last computation is a softmax or sigmoid, as in Keras' classifiers, otherwise logits. */
export function outputsOf(graph: Graph): TeacherOutputs {
  const last = lastComputation(graph);
  const activation = last?.config['activation'];
  const normalized = last?.className === 'Softmax' || activation === 'softmax' || activation === 'sigmoid';
  return normalized ? 'Probabilities' : 'Logits';
}

/** Layers that turn scores of each class into others of the same classes. */
const SCORES_STAY = new Set([...PASS_ON, 'Activation', 'Softmax', 'GlobalAveragePooling2D', 'GlobalMaxPooling2D']);

/** The 1x1 convolution or dense layer whose outputs are the scores of the classes, if the network ends in one. */
export function classScores(graph: Graph): ReadonlySet<string> {
  const byId = nodesById(graph);
  for (let node = byId.get(graph.output); node !== undefined; node = byId.get(node.inputs[0] ?? '')) {
    const layer = graph.layers.get(node.layer);
    if (layer === undefined) break;
    if (SCORES_STAY.has(layer.className) || isPreparation(layer)) continue;
    const { className, config } = layer;
    const isScores =
      className === 'Dense' ||
      (className === 'Conv2D' && numbersOf(config['kernel_size'])?.every((size) => size === 1));
    return new Set(isScores === true ? [layer.name] : []);
  }
  return new Set();
}
