/**
 * Random numbers from named streams. Every random draw of the project comes from a stream named by its purpose, such as
 * ('augment', seed, epoch, sample), so it never depends on which worker draws, in what order, or on earlier draws.
 */

/** Mixes 32 bits so that similar inputs give unrelated outputs (the finalizer of MurmurHash3). */
function mix(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32-bit key of a stream's name, which consists of strings and integers in a significant order. */
export function streamKey(...name: readonly (string | number)[]): number {
  let key = 0x9e3779b9;
  for (const part of name) {
    const text = typeof part === 'number' ? `#${part}` : part;
    for (let i = 0; i < text.length; i++) key = mix(key ^ Math.imul(text.charCodeAt(i) + 1, 0x01000193));
    key = mix(key + 0x6d2b79f5);
  }
  return key;
}

/** A stream of uniform numbers. */
export interface RandomStream {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform integer in [0, bound); bound a positive integer up to 2^32. */
  below(bound: number): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
}

/** The stream of this name (sfc32 seeded by the key; 128 bits of state). */
export function randomStream(...name: readonly (string | number)[]): RandomStream {
  const key = streamKey(...name);
  let a = mix(key ^ 0x243f6a88);
  let b = mix(key ^ 0x85a308d3);
  let c = mix(key ^ 0x13198a2e);
  let counter = 1;
  const nextUint = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) nextUint();
  const next = (): number => nextUint() / 4294967296;
  return {
    next,
    below: (bound) => Math.floor(next() * bound),
    normal: () => {
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      return radius * Math.cos(2 * Math.PI * next());
    },
  };
}

/** The order in which the samples 0..count-1 are seen in an epoch: Fisher-Yates on the stream of this name. */
export function permutation(count: number, ...name: readonly (string | number)[]): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const stream = randomStream('permutation', count, ...name);
  for (let i = count - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    const kept = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = kept;
  }
  return order;
}
