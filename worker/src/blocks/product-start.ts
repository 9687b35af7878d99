import { internalError } from '@distillation/api/errors';
import type { Weight } from '@distillation/ledger/tensors';
import type { LayerWeights } from './low-rank-start.ts';
import { dot } from './principal-components.ts';
import type { BlockStructure } from './structure.ts';

/** [n, m] times [m, k], all row by row, in single precision: the arithmetic in which the block is trained. */
export type Multiply = (
  a: { readonly data: Float32Array; readonly shape: readonly [number, number] },
  b: { readonly data: Float32Array; readonly shape: readonly [number, number] },
) => Float32Array;

interface ReplacedLayer {
  readonly weights: LayerWeights;
  /** Principal components of the layer's output before the activation, the leading ones first, each [out]. */
  readonly components: readonly Float64Array[];
  /** Mean of that output, [out]. */
  readonly outputMean: Float64Array;
}

/**
 * The start of the two layers that replace a 1x1 convolution or a dense layer with the kernel K and the bias b: K·P and Pᵀ, with P
 * the leading principal components of the output before the activation, and the bias m - P Pᵀ (m - b) that restores its mean m. No
 * product of this rank comes closer to that output on the images that were seen (reduced-rank regression: the output is linear in the
 * input, so that its least-squares fit is the output itself; Izenman 1975).
 *
 * @returns the weights, in the order of `blockWeights`
 */
export function productStart(
  structure: BlockStructure,
  { weights: { kernel, bias }, components, outputMean }: ReplacedLayer,
  multiply: Multiply,
): Weight[] {
  const [reduce, expand] = structure.layers;
  if (reduce === undefined || expand === undefined) throw internalError('The block is not a product of two layers.');
  const [inputs, rank, outputs] = [reduce.inChannels, reduce.outChannels, expand.outChannels];
  const kept = components.slice(0, rank);
  const rows = new Float32Array(rank * outputs);
  kept.forEach((component, i) => {
    rows.set(component, i * outputs);
  });
  const columns = new Float32Array(outputs * rank);
  kept.forEach((component, i) => {
    component.forEach((value, at) => {
      columns[at * rank + i] = value;
    });
  });
  const seen = multiply({ data: kernel, shape: [inputs, outputs] }, { data: columns, shape: [outputs, rank] });
  const shape = (sizes: readonly number[]): readonly number[] => (reduce.kind === 'Dense' ? sizes : [1, 1, ...sizes]);
  const start: Weight[] = [
    { name: 'reduce/kernel', shape: shape([inputs, rank]), data: seen },
    { name: 'expand/kernel', shape: shape([rank, outputs]), data: rows },
  ];
  if (expand.bias) {
    const centred = outputMean.map((mean, i) => mean - (bias?.[i] ?? 0));
    const rest = Float64Array.from(outputMean);
    for (const component of kept) {
      const share = dot(component, centred);
      component.forEach((value, i) => {
        rest[i] = (rest[i] ?? 0) - share * value;
      });
    }
    start.push({ name: 'expand/bias', shape: [outputs], data: Float32Array.from(rest) });
  }
  return start;
}
