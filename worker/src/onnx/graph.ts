import { ELEMENT, type GraphProto, type NodeProto, type TensorProto, type ValueInfoProto } from './proto.ts';

/** An ONNX graph that is being made. Values and constants are objects; they get their names when the graph is written. */

/** An output of a node, or the input of the graph. */
export interface Value {
  readonly hint: string;
}

/** A tensor that is part of the file. */
export interface Constant {
  readonly hint: string;
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

type Attribute = number | string | readonly number[] | { readonly float: number };

export interface OnnxNode {
  readonly op: string;
  readonly name: string;
  /** Inputs; batch normalisation that is folded into a node replaces its constants. */
  inputs: (Value | Constant | undefined)[];
  readonly output: Value;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

const isConstant = (input: Value | Constant): input is Constant => 'data' in input;

/** Floats of these dimensions, for the layer `hint`. */
export function floats(hint: string, dims: readonly number[], data: Iterable<number>): Constant {
  return { hint, dims, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

/** Whole numbers in one dimension. */
export function integers(hint: string, data: readonly number[]): Constant {
  return { hint, dims: [data.length], data: BigInt64Array.from(data, BigInt) };
}

export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  /** The layer whose operations are being added; it names them. */
  layer = '';

  /** Adds a node of one output, and returns it. */
  node(
    op: string,
    inputs: readonly (Value | Constant | undefined)[],
    attributes: OnnxNode['attributes'] = {},
  ): OnnxNode {
    const node = { op, name: this.layer, inputs: [...inputs], output: { hint: this.layer }, attributes };
    this.nodes.push(node);
    return node;
  }

  /** Adds a node, and returns its output. */
  add(...node: Parameters<OnnxGraph['node']>): Value {
    return this.node(...node).output;
  }
}

/** An end of the graph: its name in the file, element type and the shape behind the batch, whose size is free. */
interface End {
  readonly value: Value;
  readonly name: string;
  readonly element: keyof typeof ELEMENT;
  readonly shape: readonly number[];
}

/** The graph as it is written. Names are those of the layers, made unique. */
export function toProto(
  graph: OnnxGraph,
  name: string,
  ends: { readonly input: End; readonly output: End },
): GraphProto {
  const taken = new Set<string>();
  const unique = (hint: string): string => {
    let found = hint;
    for (let count = 1; taken.has(found); count++) found = `${hint}_${count}`;
    taken.add(found);
    return found;
  };
  const names = new Map<Value | Constant, string>();
  for (const { value, name: given } of [ends.input, ends.output]) names.set(value, unique(given));
  const initializer: TensorProto[] = [];
  const nameOf = (item: Value | Constant | undefined): string => {
    if (item === undefined) return '';
    const known = names.get(item);
    if (known !== undefined) return known;
    const found = unique(item.hint);
    names.set(item, found);
    if (isConstant(item)) initializer.push(tensor(found, item));
    return found;
  };
  const nodeNames = new Set<string>();
  const node = graph.nodes.map(({ op, name: hint, inputs, output, attributes }): NodeProto => {
    let found = hint;
    for (let count = 1; nodeNames.has(found); count++) found = `${hint}_${count}`;
    nodeNames.add(found);
    return {
      name: found,
      opType: op,
      input: withoutEnd(inputs).map(nameOf),
      output: [nameOf(output)],
      attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    };
  });
  return { name, node, initializer, input: [valueInfo(ends.input)], output: [valueInfo(ends.output)] };
}

/** Without the inputs that are left out at the end: ONNX Runtime takes one that is named and empty for a bias that it does not know, and then leaves the convolution in its slower form. */
function withoutEnd(inputs: OnnxNode['inputs']): OnnxNode['inputs'] {
  const last = inputs.findLastIndex((input) => input !== undefined);
  return inputs.slice(0, last + 1);
}

/** Types of attributes, as in `AttributeProto.AttributeType`. */
function attribute(name: string, value: Attribute): NodeProto['attribute'][number] {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: value };
  if ('float' in value) return { name, type: 1, f: value.float };
  return { name, type: 7, ints: value };
}

function tensor(name: string, { dims, data }: Constant): TensorProto {
  // Every machine that this runs on is little-endian, as the file is.
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims, dataType: data instanceof Float32Array ? ELEMENT.float : ELEMENT.int64, rawData };
}

function valueInfo({ name, element, shape }: End): ValueInfoProto {
  const dim = [{ dimParam: 'batch' }, ...shape.map((dimValue) => ({ dimValue }))];
  return { name, type: { tensorType: { elemType: ELEMENT[element], shape: { dim } } } };
}
