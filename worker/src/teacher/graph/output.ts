import { type Graph, type GraphLayer, nodesById } from './graph.ts';

/** What a network's output is, by the layers at its end. Pure. */

export type TeacherOutputs = 'Logits' | 'Probabilities';

/** Layers that pass class scores on as they are. */
const PASS_ON = new Set(['Flatten', 'Reshape', 'Dropout']);

/** The last layer that computes something: what follows it only passes scores on. */
export function lastComputation(graph: Graph): GraphLayer | undefined {
  const byId = nodesById(graph);
  for (let node = byId.get(graph.output); node !== undefined; node = byId.get(node.inputs[0] ?? '')) {
    const layer = graph.layers.get(node.layer);
    const passesOn =
      layer !== undefined &&
      (PASS_ON.has(layer.className) || (layer.config['activation'] === 'linear' && layer.className === 'Activation'));
    if (!passesOn) return layer;
  }
  return undefined;
}

/** Probabilities when the last computation is a softmax or sigmoid, as Keras' classifiers end, else logits. */
export function outputsOf(graph: Graph): TeacherOutputs {
  const last = lastComputation(graph);
  const activation = last?.config['activation'];
  const normalized = last?.className === 'Softmax' || activation === 'softmax' || activation === 'sigmoid';
  return normalized ? 'Probabilities' : 'Logits';
}
