import { encode, type Fields } from '../../protobuf/encode.ts';

/**
 * The part of TensorFlow's graph.proto, attr_value.proto and saved_model.proto that a recorded step needs, as types and as the field
 * numbers of these files.
 */

/** Element types of tensors, as in TensorFlow's `DataType`. */
export const DATA_TYPE = { float32: 1, int32: 3, bool: 10 } as const;

/** An operation of a graph. An input is `<node>` for the first output of a node, or `<node>:<number>`. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: readonly { readonly key: string; readonly value: AttrValue }[];
}

interface TensorShape {
  readonly dim: readonly { readonly size: number }[];
}

/** Exactly one of the values is there. */
export interface AttrValue {
  readonly list?: { readonly i?: readonly number[]; readonly f?: readonly number[]; readonly b?: readonly boolean[] };
  readonly s?: string;
  readonly i?: number;
  readonly f?: number;
  readonly b?: boolean;
  readonly type?: number;
  readonly shape?: TensorShape;
  readonly tensor?: {
    readonly dtype: number;
    readonly tensorShape: TensorShape;
    /** Row-major and little-endian. */
    readonly tensorContent: Uint8Array;
  };
}

export const tensorShape = (shape: readonly number[]): TensorShape => ({ dim: shape.map((size) => ({ size })) });

const SHAPE: Fields = { dim: [2, { size: [1, 'int64'] }] };
const TENSOR: Fields = { dtype: [1, 'int64'], tensorShape: [2, SHAPE], tensorContent: [4, 'bytes'] };
const ATTR_VALUE: Fields = {
  list: [1, { i: [3, 'int64'], f: [4, 'float'], b: [5, 'int64'] }],
  s: [2, 'string'],
  i: [3, 'int64'],
  f: [4, 'float'],
  b: [5, 'int64'],
  type: [6, 'int64'],
  shape: [7, SHAPE],
  tensor: [8, TENSOR],
};
const NODE: Fields = {
  name: [1, 'string'],
  op: [2, 'string'],
  input: [3, 'string'],
  attr: [5, { key: [1, 'string'], value: [2, ATTR_VALUE] }],
};
const GRAPH: Fields = { node: [1, NODE], versions: [4, { producer: [1, 'int64'] }] };
const META_GRAPH: Fields = { metaInfoDef: [1, { tags: [4, 'string'] }], graphDef: [2, GRAPH] };
const SAVED_MODEL: Fields = { schemaVersion: [1, 'int64'], metaGraphs: [2, META_GRAPH] };

/** The version of graphs whose operations take what today's TensorFlow gives them; of TensorFlow 2.9. */
const PRODUCER = 1087;
/** The tag by which a graph of a SavedModel is asked for. */
export const TAG = 'serve';

/** The bytes of a `saved_model.pb` that holds one graph without variables. */
export const encodeGraph = (node: readonly NodeDef[]): Uint8Array =>
  encode(SAVED_MODEL, {
    schemaVersion: 1,
    metaGraphs: [{ metaInfoDef: { tags: [TAG] }, graphDef: { node, versions: { producer: PRODUCER } } }],
  });
