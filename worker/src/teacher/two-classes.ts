import { DistillError } from '@distillation/api/errors';
import { applications, type Graph, type GraphLayer, TWO_CLASSES } from './graph/graph.ts';
import { isArray, isObject, type Json } from './files/json.ts';
import type { Lowered } from './lower.ts';
import { lastComputation } from './graph/output.ts';

/** Classifiers of two classes whose one output is the score of the second class. Pure. */

/** What a file and the job say about a single output. */
export interface SingleOutput {
  /** What the job says of the output. */
  readonly outputs: 'Auto' | 'Logits' | 'Probabilities';
  /** The loss that the model was compiled with, as the file has it. */
  readonly loss: Json | undefined;
}

/**
 * The network with two outputs instead of one. softmax([0, z]) is [1 - sigmoid(z), sigmoid(z)], so a fixed layer with the weights 0
 * and 1 after the sum z, and a softmax instead of the sigmoid, give the probabilities of both classes. For a network that ends
 * without a sigmoid they give the logits 0 and z.
 * @throws DISTILL_E_TEACHER_SHAPE when nothing says that the number is the score of a class.
 */
export function withTwoClasses({ graph, weights }: Lowered, { outputs, loss }: SingleOutput): Lowered {
  const last = lastComputation(graph);
  const ends = last?.config['activation'];
  const isSigmoid = last !== undefined && ends === 'sigmoid';
  if (!isSigmoid && (ends === 'softmax' || last?.className === 'Softmax')) {
    throw refused('gives one number through a softmax, which is 1 for every image');
  }
  if (!isSigmoid && outputs !== 'Logits' && !isFromLogits(loss)) {
    throw refused(
      'gives one number, not through a sigmoid. If it is the logit of the second of two classes, set spec.teacher.outputs to Logits',
    );
  }
  const layers = new Map(graph.layers);
  if (isSigmoid) {
    if ((applications(graph).get(last.name)?.length ?? 0) > 1) {
      throw refused(`ends in the sigmoid of the layer ${JSON.stringify(last.name)}, which is applied elsewhere too`);
    }
    layers.set(last.name, { ...last, config: { ...last.config, activation: 'linear' } });
  }
  const head = headLayer(layers, isSigmoid ? 'softmax' : 'linear');
  layers.set(head.name, head);
  const kernel = { shape: [1, 2], data: Float32Array.of(0, 1) };
  return {
    graph: {
      ...graph,
      layers,
      nodes: [...graph.nodes, { id: head.name, layer: head.name, inputs: [graph.output] }],
      output: head.name,
    },
    weights: new Map(weights).set(head.name, new Map([['kernel', kernel]])),
  };
}

function headLayer(layers: Graph['layers'], activation: 'softmax' | 'linear'): GraphLayer {
  let name = 'two_classes';
  while (layers.has(name)) name = `${name}_`;
  const config = {
    name,
    units: 2,
    use_bias: false,
    activation,
    kernel_initializer: { class_name: 'Zeros', config: {} },
    // It only turns one number into two.
    trainable: false,
  };
  return { name, className: 'Dense', config, path: [name], store: [], origin: TWO_CLASSES };
}

/** Whether a model was compiled with the cross-entropy of logits of two classes. */
function isFromLogits(loss: Json | undefined): boolean {
  if (isArray(loss)) return loss.length === 1 && isFromLogits(loss[0]);
  if (!isObject(loss)) return false;
  const config = loss['config'];
  if (typeof loss['class_name'] !== 'string') {
    const [only, ...others] = Object.values(loss);
    return others.length === 0 && isFromLogits(only);
  }
  return /^Binary(Focal)?Crossentropy$/.test(loss['class_name']) && isObject(config) && config['from_logits'] === true;
}

function refused(problem: string): DistillError {
  return new DistillError('DISTILL_E_TEACHER_SHAPE', `The teacher ${problem}.`);
}
