import type { WeightArray } from './weight-array.ts';

/** A grouped kernel [..., in/groups, out] as a dense one [..., in, out], with zeros where input and output belong to different groups. */
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

/**
 * A kernel [..., a, b] with zeros between its taps, so that without dilation it computes what the original does with it. `rates`:
 * one per dimension.
 */
export function dilate(kernel: WeightArray, rates: readonly number[]): WeightArray {
  const places = kernel.shape.slice(0, -2);
  const ends = kernel.shape.slice(-2);
  const stretched = places.map((length, dimension) => (length - 1) * (rates[dimension] ?? 1) + 1);
  const data = new Float32Array(product([...stretched, ...ends]));
  const size = product(ends);
  for (let place = 0; place < product(places); place++) {
    let rest = place;
    let target = 0;
    let stride = 1;
    for (let dimension = places.length - 1; dimension >= 0; dimension--) {
      const length = places[dimension] ?? 1;
      target += (rest % length) * (rates[dimension] ?? 1) * stride;
      rest = Math.floor(rest / length);
      stride *= stretched[dimension] ?? 1;
    }
    data.set(kernel.data.subarray(place * size, (place + 1) * size), target * size);
  }
  return { shape: [...stretched, ...ends], data };
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
