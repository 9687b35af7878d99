import type { LayersModel } from '@tensorflow/tfjs';

type Layer = LayersModel['layers'][number];
type Call = Layer['call'];

/**
 * Overrides the `call` of one layer by one made from it. Returns a function that restores it; overrides must be
 * restored in reverse order.
 */
export function overrideCall(layer: Layer, make: (call: Call) => Call): () => void {
  const before = Object.getOwnPropertyDescriptor(layer, 'call');
  layer.call = make(layer.call.bind(layer));
  return () => {
    if (before === undefined) Reflect.deleteProperty(layer, 'call');
    else Object.defineProperty(layer, 'call', before);
  };
}
