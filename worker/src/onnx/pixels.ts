import type { PreprocessingSpec } from '@distillation/api/job';
import { type Arithmetic, preprocessingSteps } from '../data/preprocess.ts';
import { ELEMENT } from './proto.ts';
import { floats, integers, type OnnxGraph, type Value } from './graph.ts';

const OPERATORS: Readonly<Record<Arithmetic, string>> = { multiply: 'Mul', divide: 'Div', subtract: 'Sub' };

/**
 * What the loader does to pixels, as operations of the network: the same steps in the same order in single precision, so the values are
 * the same to the bit (data/preprocess.ts).
 * @param pixels [batch, height, width, channels] of bytes, channels in the order of the data set (RGB)
 * @returns the network's input, of the same shape
 * @throws DISTILL_E_MANIFEST_INVALID when the preprocessing does not fit the number of channels
 */
export function preparedPixels(
  graph: OnnxGraph,
  pixels: Value,
  { preprocessing, channels }: { readonly preprocessing: PreprocessingSpec; readonly channels: number },
): Value {
  const { sources, steps } = preprocessingSteps(preprocessing, channels);
  const inOrder = sources.every((source, channel) => source === channel);
  const ordered = inOrder
    ? pixels
    : graph.add('Gather', [pixels, integers(`${graph.layer}/channels`, sources)], { axis: 3 });
  const numbers = graph.add('Cast', [ordered], { to: ELEMENT.float });
  return steps.reduce(
    (value, { operation, values }) =>
      graph.add(OPERATORS[operation], [value, floats(`${graph.layer}/${operation}`, [values.length], values)]),
    numbers,
  );
}
