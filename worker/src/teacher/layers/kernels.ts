import type { WeightArray } from '../weights.ts';

/** A grouped kernel [..., in/groups, out] as a dense one [..., in, out]: zero where input and output are of two groups. */
export function ungroup(kernel: WeightArray, groups: number): WeightArray {
  const [depth = 0, out = 0] = kernel.shape.slice(-2);
  const outPerGroup = out / groups;
  const channels = depth * groups;
  const positions = kernel.data.length / (depth * out);
  const data = new Float32Array(positions * channels * out);
  for (let position = 0; position < positions; position++) {
    for (let c = 0; c < depth; c++) {
      for (let o = 0; o < out; o++) {
        const channel = Math.floor(o / outPerGroup) * depth + c;
        data[(position * channels + channel) * out + o] = kernel.data[(position * depth + c) * out + o] ?? 0;
      }
    }
  }
  return { shape: [...kernel.shape.slice(0, -2), channels, out], data };
}

/** A kernel [h, w, a, b] with zeros between its rows and columns: undilated, it computes what the other does dilated. */
export function dilate(kernel: WeightArray, [down = 1, across = 1]: readonly number[]): WeightArray {
  const [height = 0, width = 0, a = 0, b = 0] = kernel.shape;
  const shape = [(height - 1) * down + 1, (width - 1) * across + 1, a, b];
  const size = a * b;
  const data = new Float32Array(shape.reduce((total, length) => total * length, 1));
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row * width + column) * size;
      data.set(kernel.data.subarray(from, from + size), (row * down * (shape[1] ?? 0) + column * across) * size);
    }
  }
  return { shape, data };
}
