import { internalError } from '@distillation/api/errors';
import type { DataType, Tensor } from '@tensorflow/tfjs';
import { isNative, type NativeBackend, nativeBackend, type OpAttribute } from '../native-ops.ts';
import type { Tf } from '../tf.ts';
import { type AttrValue, DATA_TYPE, type NodeDef, tensorShape } from './graph-def.ts';

/** The operations that a function ran, as a graph. */
interface Recording {
  readonly nodes: readonly NodeDef[];
  /** What is fed, in the order of the arguments: those of the function, then other tensors from outside that it read. */
  readonly placeholders: readonly string[];
  /** Tensors from outside that the function read. They must not be disposed while the graph is used. */
  readonly captured: readonly Pick<Tensor, 'dataId'>[];
  /** Of the tensors that the function returned. */
  readonly outputs: readonly string[];
}

/** Data by which tensors are told apart: several may share one. */
type Data = Tensor['dataId'];
/** What is known of a tensor without its values. */
export type Known = Pick<Tensor, 'dataId' | 'shape' | 'dtype'>;

/** Why a function cannot be a graph. */
export class NotRecordable extends Error {}

/**
 * Runs a function once, as it is, and records the operations that TensorFlow runs for it. Tensors that the function makes of numbers
 * become constants of the graph: whatever differs from call to call must be an argument. Native backend only.
 *
 * @param args no two may share their data
 * @throws NotRecordable when the function reads a tensor back, or uses what a graph cannot express here
 */
export function record(tf: Tf, args: readonly Known[], run: () => readonly Known[]): Recording {
  const recorder = new Recorder(nativeBackend(tf));
  const placeholders = args.map((argument) => recorder.placeholder(argument));
  const outputs = recorder.during(run).map((tensor) => recorder.output(tensor));
  const { nodes, captured } = recorder;
  return {
    nodes,
    captured,
    placeholders: [...placeholders, ...captured.map((tensor) => recorder.nameOf(tensor))],
    outputs,
  };
}

/** Of the backends whose operations are being recorded. */
const recorders = new WeakMap<object, Recorder>();

/**
 * While operations are recorded, keeps those that make a tensor apart from those that use it. TensorFlow joins neighbouring operations,
 * where nothing else uses what is between them, and then rounds in another way. Behind a barrier nothing depends on who uses a tensor.
 */
export function barrier(tf: Tf, tensor: Known): void {
  if (isNative(tf)) recorders.get(nativeBackend(tf))?.barrier(tensor);
}

class Recorder {
  readonly nodes: NodeDef[] = [];
  readonly captured: Known[] = [];
  readonly #backend: NativeBackend;
  readonly #names = new Map<Data, string>();
  /** Names of placeholders. */
  readonly #fed = new Set<string>();
  #count = 0;

  constructor(backend: NativeBackend) {
    this.#backend = backend;
  }

  placeholder({ dataId, shape, dtype }: Known): string {
    if (this.#names.has(dataId)) throw internalError('Two arguments of a recorded function share their data.');
    const name = this.#add('Placeholder', [], {
      dtype: { type: typeOf(dtype) },
      shape: { shape: tensorShape(shape) },
    });
    this.#names.set(dataId, name);
    this.#fed.add(name);
    return name;
  }

  /** The name of a tensor in the graph; one from outside becomes a placeholder. */
  nameOf(tensor: Known): string {
    const known = this.#names.get(tensor.dataId);
    if (known !== undefined) return known;
    this.captured.push(tensor);
    return this.placeholder(tensor);
  }

  /** The name of a tensor that is given back; what is fed cannot be that itself. */
  output(tensor: Known): string {
    const name = this.nameOf(tensor);
    if (!this.#fed.has(name)) return name;
    return this.#add('Identity', [name], { T: { type: typeOf(tensor.dtype) } });
  }

  /** TensorFlow neither joins this operation with others nor leaves it out, and it copies nothing. */
  barrier(tensor: Known): void {
    const attributes = { T: { type: typeOf(tensor.dtype) }, shape: { shape: tensorShape(tensor.shape) } };
    this.#names.set(tensor.dataId, this.#add('EnsureShape', [this.nameOf(tensor)], attributes));
  }

  /** Runs a function while the backend's operations are recorded. */
  during<T>(run: () => T): T {
    const backend = this.#backend;
    const stock = {
      single: backend.executeSingleOutput.bind(backend),
      multiple: backend.executeMultipleOutputs.bind(backend),
      move: backend.move.bind(backend),
    };
    const methods: Pick<NativeBackend, 'executeSingleOutput' | 'executeMultipleOutputs' | 'move' | 'readSync'> = {
      executeSingleOutput: (op, attributes, inputs) => {
        const output = stock.single(op, attributes, inputs);
        this.#operation(op, { attributes, inputs, outputs: [output] });
        return output;
      },
      executeMultipleOutputs: (...call) => {
        const outputs = stock.multiple(...call);
        const [op, attributes, inputs] = call;
        this.#operation(op, { attributes, inputs, outputs });
        return outputs;
      },
      move: (...call) => {
        const [data, values, shape, dtype] = call;
        this.#constant(data, { values, shape, dtype });
        stock.move(...call);
      },
      readSync: () => {
        throw new NotRecordable('it reads a tensor back');
      },
    };
    // The methods are the prototype's: properties of the object hide them, and show them again when they are gone.
    Object.assign(backend, methods);
    recorders.set(backend, this);
    try {
      return run();
    } finally {
      recorders.delete(backend);
      for (const name of Object.keys(methods)) Reflect.deleteProperty(backend, name);
    }
  }

  #operation(op: string, call: Call): void {
    const inputs = call.inputs.map((tensor) => this.nameOf(tensor));
    const attributes = call.attributes.map(({ name, type, value }) => [name, this.#attribute(type, value)] as const);
    // TensorFlow joins a convolution with this operation, and has a kernel for it.
    const name = isBias(op, call.inputs)
      ? this.#add('BiasAdd', inputs, { T: { type: DATA_TYPE.float32 }, data_format: { s: 'NHWC' } })
      : this.#add(op, inputs, Object.fromEntries(attributes));
    call.outputs.forEach(({ dataId }, i) => this.#names.set(dataId, i === 0 ? name : `${name}:${i}`));
  }

  #constant(
    data: object,
    { values, shape, dtype }: { values: ArrayBufferView; shape: readonly number[]; dtype: DataType },
  ): void {
    const type = typeOf(dtype);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    const tensor = { dtype: type, tensorShape: tensorShape(shape), tensorContent: bytes };
    this.#names.set(data, this.#add('Const', [], { dtype: { type }, value: { tensor } }));
  }

  #attribute(type: number, value: OpAttribute['value']): AttrValue {
    const { binding } = this.#backend;
    switch (type) {
      case binding.TF_ATTR_TYPE:
        return { type: value as number };
      case binding.TF_ATTR_STRING:
        return { s: value as string };
      case binding.TF_ATTR_INT:
        return Array.isArray(value) ? { list: { i: value as number[] } } : { i: value as number };
      case binding.TF_ATTR_FLOAT:
        return Array.isArray(value) ? { list: { f: value as number[] } } : { f: value as number };
      case binding.TF_ATTR_BOOL:
        return Array.isArray(value) ? { list: { b: value as boolean[] } } : { b: value as boolean };
      case binding.TF_ATTR_SHAPE:
        return { shape: tensorShape(value as number[]) };
      default:
        throw new NotRecordable(`an operation has an attribute of the type ${type}`);
    }
  }

  #add(op: string, input: readonly string[], attributes: Readonly<Record<string, AttrValue>>): string {
    const name = `n${this.#count++}`;
    this.nodes.push({ name, op, input, attr: Object.entries(attributes).map(([key, value]) => ({ key, value })) });
    return name;
  }
}

interface Call {
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly Known[];
  readonly outputs: readonly Known[];
}

/** Whether an operation adds one number to each channel. */
function isBias(op: string, [x, bias]: readonly Known[]): boolean {
  if (op !== 'Add' || x?.dtype !== 'float32' || bias?.dtype !== 'float32') return false;
  return x.shape.length > 1 && x.shape.length < 6 && bias.shape.length === 1 && bias.shape[0] === x.shape.at(-1);
}

function typeOf(dtype: DataType): number {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return DATA_TYPE[dtype];
  throw new NotRecordable(`it uses a tensor of type ${dtype}`);
}
