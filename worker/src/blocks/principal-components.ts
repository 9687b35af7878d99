import { Matrix } from 'ml-matrix';
import { eigen, square } from './eigen.ts';

/**
 * Leading principal components of the outputs of a 1x1 convolution or a dense layer, in doubles, so that they are the same to the
 * bit on every worker. Time is bounded by the smallest of the layer's inputs, its outputs and the samples: what is decomposed is
 * never larger.
 */

/** Outputs of a layer before its activation, as seen on some images. */
export interface OutputMoments {
  readonly kind: 'Product';
  /** [out]. */
  readonly outputMean: Float64Array;
  readonly spread:
    | {
        readonly kind: 'Covariance';
        /** [out, out], row by row. */
        readonly covariance: Float64Array;
      }
    | {
        readonly kind: 'Samples';
        /** Single outputs, each [out]; fewer than outputs. */
        readonly samples: readonly Float32Array[];
      };
}

/** Below this share of the largest eigenvalue of a Gram matrix, rounding decides what its eigenvector is. */
const NOISE = 1e-9;
/** A vector of which so little is new adds only rounding. */
const DEPENDENT = 1e-5;
/** After so many dependent rows of a kernel in a row, the others are taken to be so too. */
const PATIENCE = 64;

/**
 * Orthonormal vectors, the leading principal components first. What a sample does not show is filled up by what the kernel can
 * give: its rows are what the output does when one input changes.
 *
 * @param kernel of the layer, [in, out] row by row
 * @param count of components, at most `out`; fewer give the same vectors, to the bit
 * @returns the components, each [out]
 */
export function principalComponents(
  { outputMean, spread }: OutputMoments,
  kernel: Float32Array,
  count: number,
): Float64Array[] {
  const size = outputMean.length;
  const found =
    spread.kind === 'Samples'
      ? ofSamples(
          spread.samples.map((sample) => minus(sample, outputMean)),
          count,
        )
      : ofCovariance(spread.covariance, kernel, { size, count });
  extend(found, rowsOf(kernel, size), count);
  extend(found, units(size), count);
  return found;
}

/** One at a time: a large kernel is not held twice. */
function* rowsOf(matrix: Float32Array, columns: number): Generator<Float64Array> {
  for (let at = 0; at < matrix.length; at += columns) yield Float64Array.from(matrix.subarray(at, at + columns));
}

const minus = (a: Float32Array, b: Float64Array): Float64Array =>
  Float64Array.from(a, (value, i) => value - (b[i] ?? 0));

function* units(size: number): Generator<Float64Array> {
  for (let i = 0; i < size; i++) yield new Float64Array(size).fill(1, i, i + 1);
}

/** In four sums, none of which waits for another. */
export function dot(a: Float64Array, b: Float64Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i += 4) {
    first += (a[i] ?? 0) * (b[i] ?? 0);
    second += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    third += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    fourth += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  return first + second + (third + fourth);
}

/** Adds a multiple of `b` to `a`. */
function addScaled(a: Float64Array, b: Float64Array, scale: number): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] ?? 0) + scale * (b[i] ?? 0);
}

/** Sum of vectors, each with its weight. */
function combined(vectors: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  vectors.forEach((vector, i) => {
    addScaled(sum, vector, weights[i] ?? 0);
  });
  return sum;
}

/** Eigenvectors of the samples' covariance, by those of their Gram matrix, which is smaller. */
function ofSamples(samples: readonly Float64Array[], count: number): Float64Array[] {
  if (samples.length === 0) return [];
  const gram = Matrix.zeros(samples.length, samples.length);
  samples.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const product = dot(a, samples[j] ?? a);
      gram.set(i, j, product);
      gram.set(j, i, product);
    }
  });
  const { vectors, values } = eigen(gram);
  const [largest = 0] = values;
  const some = values.slice(0, count).filter((value) => value > NOISE * largest);
  return some.map((value, i) =>
    combined(
      samples,
      vectors.getColumn(i).map((weight) => weight / Math.sqrt(value)),
    ),
  );
}

/** Eigenvectors of a covariance, which is decomposed in the space of the kernel's rows where that is smaller. */
function ofCovariance(
  covariance: Float64Array,
  kernel: Float32Array,
  { size, count }: { readonly size: number; readonly count: number },
): Float64Array[] {
  const inputs = kernel.length / size;
  if (inputs >= size) {
    const { vectors } = eigen(square(covariance, size));
    return Array.from({ length: count }, (_, i) => Float64Array.from(vectors.getColumn(i)));
  }
  const basis: Float64Array[] = [];
  extend(basis, rowsOf(kernel, size), inputs);
  if (basis.length === 0) return [];
  const seen = basis.map((vector) =>
    Float64Array.from({ length: size }, (_, i) => dot(covariance.subarray(i * size, (i + 1) * size), vector)),
  );
  const inside = new Matrix(basis.map((a) => seen.map((b) => dot(a, b))));
  const { vectors } = eigen(inside.add(inside.transpose()).mul(0.5));
  return Array.from({ length: Math.min(count, basis.length) }, (_, i) => combined(basis, vectors.getColumn(i)));
}

/** Gram and Schmidt: adds what is new in the candidates to orthonormal vectors until there are `count`. */
function extend(vectors: Float64Array[], candidates: Iterable<Float64Array>, count: number): void {
  let dependent = 0;
  for (const candidate of candidates) {
    if (vectors.length >= count || dependent > PATIENCE) return;
    const rest = Float64Array.from(candidate);
    const before = Math.sqrt(dot(rest, rest));
    if (before === 0) continue;
    // Twice is enough (Giraud, Langou and Rozloznik 2005).
    for (let pass = 0; pass < 2; pass++) for (const vector of vectors) addScaled(rest, vector, -dot(rest, vector));
    const length = Math.sqrt(dot(rest, rest));
    if (length > DEPENDENT * before) vectors.push(rest.map((value) => value / length));
    dependent = length > DEPENDENT * before ? 0 : dependent + 1;
  }
}
