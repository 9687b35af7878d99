/** Decodes numbers from HDF5 to float32, for all types in which a Keras file may store weights. Pure. */

/** The type of a stored number. */
export interface StoredType {
  readonly kind: 'Integer' | 'Float' | 'BFloat16';
  /** Bytes of one number. */
  readonly size: number;
  readonly signed: boolean;
}

type Reader = (view: DataView, at: number) => number;

const READERS: Readonly<Record<string, Reader>> = {
  'Float 2': (view, at) => fromHalf(view.getUint16(at, true)),
  'Float 4': (view, at) => view.getFloat32(at, true),
  'Float 8': (view, at) => view.getFloat64(at, true),
  'BFloat16 2': (view, at) => fromBfloat16(view.getUint16(at, true)),
  'Integer 1': (view, at) => view.getInt8(at),
  'Integer 2': (view, at) => view.getInt16(at, true),
  'Integer 4': (view, at) => view.getInt32(at, true),
  'Integer 8': (view, at) => Number(view.getBigInt64(at, true)),
  'Unsigned 1': (view, at) => view.getUint8(at),
  'Unsigned 2': (view, at) => view.getUint16(at, true),
  'Unsigned 4': (view, at) => view.getUint32(at, true),
  'Unsigned 8': (view, at) => Number(view.getBigUint64(at, true)),
};

/**
 * The numbers in `bytes`, little-endian, as float32: narrower types are widened exactly, wider ones rounded to nearest. Undefined
 * for a type in which Keras does not store weights.
 */
export function decodeNumbers(bytes: Uint8Array, type: StoredType): Float32Array | undefined {
  const kind = type.kind === 'Integer' && !type.signed ? 'Unsigned' : type.kind;
  const read = READERS[`${kind} ${type.size}`];
  if (read === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength / type.size }, (_, i) => read(view, i * type.size));
}

/** IEEE 754 binary16: 1 bit of sign, 5 of exponent (bias 15), 10 of fraction. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  // With exponent 0 the number is subnormal: it has no leading one.
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (fraction + 0x400) * 2 ** (exponent - 25);
}

/** The upper half of a float32. */
function fromBfloat16(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}
