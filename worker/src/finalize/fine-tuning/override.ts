import type { LayersModel } from '@tensorflow/tfjs';

type Layer = LayersModel['layers'][number];
type Call = Layer['call'];

/**
 * Puts another `call` on one layer, made from the one it has. Returns what takes it off again; calls must be taken off in the
 * reverse order of putting on.
 */
export function overrideCall(layer: Layer, make: (call: Call) => Call): () => void {
  const before = Object.getOwnPropertyDescriptor(layer, 'call');
  layer.call = make(layer.call.bind(layer));
  return () => {
    if (before === undefined) Reflect.deleteProperty(layer, 'call');
    else Object.defineProperty(layer, 'call', before);
  };
}
