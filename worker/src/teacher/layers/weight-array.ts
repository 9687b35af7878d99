/** A weight from a file, whose name follows from its layer: row-major float32 values with a shape. */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
