import { internalError } from '@distillation/api/errors';
import type { DataType, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import type { Tf } from './tf.ts';

/**
 * TensorFlow operations that tfjs-node can run but that TensorFlow.js has no name for. They are not recorded on the gradient
 * tape: use them inside gradients and custom gradients only.
 */

/** Whether the active backend is TensorFlow's own library (tfjs-node or tfjs-node-gpu). */
export function isNative(tf: Tf): boolean {
  return tf.getBackend() === 'tensorflow';
}

/** An attribute of an operation in the form that the addon takes. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string | readonly number[] | readonly boolean[];
}

type AttributeType = 'TYPE' | 'STRING' | 'INT' | 'FLOAT' | 'BOOL' | 'SHAPE';

/** A tensor as the addon gives it. */
interface TensorMetadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The parts of tfjs-node's addon that are used. */
interface Binding extends Readonly<Record<`TF_ATTR_${AttributeType}` | 'TF_FLOAT', number>> {
  readonly TF_Version: string;
  /** Numbers the graph that a folder holds. */
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(graph: number): void;
  /** Names are joined by commas; as many inputs as there are IDs. */
  runSavedModel(graph: number, ids: readonly number[], inputs: string, outputs: string): TensorMetadata[];
}

/** The parts of tfjs-node's NodeJSKernelBackend that are used. */
export interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: Binding;
  executeSingleOutput(op: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[]): Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Tensor[],
    count: number,
  ): Tensor[];
  /** Takes the values of a new tensor. */
  move(data: object, values: ArrayBufferView, shape: readonly number[], dtype: DataType, references: number): void;
  readSync(data: object): unknown;
  /** The addon's IDs of tensors. */
  getInputTensorIds(tensors: readonly Pick<Tensor, 'dataId'>[]): number[];
  createOutputTensor(metadata: TensorMetadata): Tensor;
}

/** The active backend; call it only if `isNative`. */
export function nativeBackend(tf: Tf): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}

function floatType({ binding }: NativeBackend, name = 'T'): OpAttribute {
  return { name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
}

function channelsLast({ binding }: NativeBackend): OpAttribute {
  return { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' };
}

/** dL/dx of y = relu(x): `dy` where y > 0, else 0. `features` is x or y, either gives the same. */
export function reluGradient(tf: Tf, dy: Tensor, features: Tensor): Tensor {
  const backend = nativeBackend(tf);
  return backend.executeSingleOutput('ReluGrad', [floatType(backend)], [dy, features]);
}

/** dL/dx of y = min(relu(x), 6). `features` is x or y. */
export function relu6Gradient(tf: Tf, dy: Tensor, features: Tensor): Tensor {
  const backend = nativeBackend(tf);
  return backend.executeSingleOutput('Relu6Grad', [floatType(backend)], [dy, features]);
}

/** Half the sum of the squares of all elements, in one pass over them. */
export function halfSquares(tf: Tf, x: Tensor): Tensor {
  const backend = nativeBackend(tf);
  return backend.executeSingleOutput('L2Loss', [floatType(backend)], [x]);
}

/** Sum of `dy` over all axes but the last. */
export function biasGradient(tf: Tf, dy: Tensor): Tensor {
  const backend = nativeBackend(tf);
  return backend.executeSingleOutput('BiasAddGrad', [floatType(backend), channelsLast(backend)], [dy]);
}

/** aᵀ b of two matrices. */
export function matMulTransposedLeft(tf: Tf, a: Tensor, b: Tensor): Tensor {
  const backend = nativeBackend(tf);
  const transpose = (name: string, value: boolean): OpAttribute => ({
    name,
    type: backend.binding.TF_ATTR_BOOL,
    value,
  });
  const attributes = [floatType(backend), transpose('transpose_a', true), transpose('transpose_b', false)];
  return backend.executeSingleOutput('MatMul', attributes, [a, b]);
}

function batchNormAttributes(backend: NativeBackend, epsilon: number): OpAttribute[] {
  return [
    floatType(backend),
    floatType(backend, 'U'),
    channelsLast(backend),
    { name: 'epsilon', type: backend.binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'is_training', type: backend.binding.TF_ATTR_BOOL, value: true },
  ];
}

/** Result of `fusedBatchNorm`; `reserved` is passed to its gradient unchanged. */
interface FusedBatchNorm {
  readonly output: Tensor;
  /** Of the batch, one value per channel; the variance is the unbiased one (divided by count - 1). */
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly reserved: readonly Tensor[];
}

/** Normalises x [n, h, w, c] by the batch's own moments, then scales and shifts per channel: FusedBatchNormV3 in training mode. */
export function fusedBatchNorm(
  tf: Tf,
  [x, scale, offset]: readonly [Tensor4D, Tensor1D, Tensor1D],
  epsilon: number,
): FusedBatchNorm {
  const backend = nativeBackend(tf);
  const none = tf.tensor1d([], 'float32');
  const inputs = [x, scale, offset, none, none];
  const outputs = backend.executeMultipleOutputs('FusedBatchNormV3', batchNormAttributes(backend, epsilon), inputs, 6);
  const [output, mean, variance, ...reserved] = outputs;
  if (output === undefined || mean === undefined || variance === undefined)
    throw internalError(`FusedBatchNormV3 gave ${outputs.length} of 6 outputs.`);
  return { output, mean, variance, reserved };
}

/** [dL/dx, dL/dscale, dL/doffset] of `fusedBatchNorm`, from [dy, x, scale, ...reserved]. */
export function fusedBatchNormGradient(tf: Tf, inputs: readonly Tensor[], epsilon: number): Tensor[] {
  const backend = nativeBackend(tf);
  const outputs = backend.executeMultipleOutputs(
    'FusedBatchNormGradV3',
    batchNormAttributes(backend, epsilon),
    inputs,
    5,
  );
  tf.dispose(outputs.slice(3));
  return outputs.slice(0, 3);
}
