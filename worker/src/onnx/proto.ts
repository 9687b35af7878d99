import { encode, type Fields } from '../protobuf/encode.ts';

/**
 * The part of onnx.proto that a network needs, as types and as the field numbers of the ONNX specification. ADR 0023 says why it
 * is written by hand.
 */

/** Element types of tensors, as in `TensorProto.DataType`. */
export const ELEMENT = { float: 1, uint8: 2, int64: 7 } as const;

interface ModelProto {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly docString: string;
  readonly graph: GraphProto;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
}

export interface GraphProto {
  readonly name: string;
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
}

export interface NodeProto {
  readonly name: string;
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly AttributeProto[];
}

/** Exactly one of the values is there, and `type` says which. */
interface AttributeProto {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: string;
  readonly ints?: readonly number[];
}

export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** Little-endian. */
  readonly rawData: Uint8Array;
}

export interface ValueInfoProto {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly ({ readonly dimValue: number } | { readonly dimParam: string })[] };
    };
  };
}

const DIMENSION: Fields = { dimValue: [1, 'int64'], dimParam: [2, 'string'] };
const TENSOR_TYPE: Fields = { elemType: [1, 'int64'], shape: [2, { dim: [1, DIMENSION] }] };
const VALUE_INFO: Fields = { name: [1, 'string'], type: [2, { tensorType: [1, TENSOR_TYPE] }] };
const TENSOR: Fields = { dims: [1, 'int64'], dataType: [2, 'int64'], name: [8, 'string'], rawData: [9, 'bytes'] };
const ATTRIBUTE: Fields = {
  name: [1, 'string'],
  f: [2, 'float'],
  i: [3, 'int64'],
  s: [4, 'string'],
  ints: [8, 'int64'],
  type: [20, 'int64'],
};
const NODE: Fields = {
  input: [1, 'string'],
  output: [2, 'string'],
  name: [3, 'string'],
  opType: [4, 'string'],
  attribute: [5, ATTRIBUTE],
};
const GRAPH: Fields = {
  node: [1, NODE],
  name: [2, 'string'],
  initializer: [5, TENSOR],
  input: [11, VALUE_INFO],
  output: [12, VALUE_INFO],
};
const MODEL: Fields = {
  irVersion: [1, 'int64'],
  producerName: [2, 'string'],
  producerVersion: [3, 'string'],
  docString: [6, 'string'],
  graph: [7, GRAPH],
  opsetImport: [8, { domain: [1, 'string'], version: [2, 'int64'] }],
  metadataProps: [14, { key: [1, 'string'], value: [2, 'string'] }],
};

/** The bytes of a .onnx file. They depend on the message alone. */
export const encodeModel = (model: ModelProto): Uint8Array<ArrayBuffer> => encode(MODEL, model);
