import { internalError } from '@distillation/api/errors';

/** An application of a layer: of a layer that is applied once, 0. */
export interface Call {
  readonly layer: string;
  readonly application: number;
}

/** A layer of Keras; for each application the outputs that it takes, in order. */
export interface Operation {
  readonly name: string;
  readonly inputs: readonly (readonly Call[])[];
}

const keyOf = ({ layer, application }: Call): string => `${application} ${layer}`;

/**
 * The layers of a functional model in the order that Keras gives them when it builds the model, whatever their order in its
 * configuration: the farthest from the output first (a layer that is applied several times counts as its farthest application), and at
 * the same distance as a walk from the output meets them, that takes inputs in order and goes to the end of each before the next. The
 * weights in a `.keras` file are numbered in this order (`keras.src.ops.function.map_graph` of Keras 3).
 */
export function kerasOrder<Each extends Operation>(operations: readonly Each[], output: Call): Each[] {
  const byName = new Map(operations.map((operation) => [operation.name, operation]));
  const operationOf = (layer: string): Each => {
    const found = byName.get(layer);
    if (found === undefined) throw internalError(`Layer ${layer} is applied and not defined.`);
    return found;
  };
  const inputsOf = ({ layer, application }: Call): readonly Call[] => operationOf(layer).inputs[application] ?? [];
  const met = new Map<string, number>();
  const walked: Call[] = [];
  const seen = new Set<string>();
  // A stack of its own: a network may have more layers than the stack of calls holds.
  const stack: { readonly call: Call; next: number }[] = [];
  const enter = (call: Call): void => {
    if (seen.has(keyOf(call))) return;
    seen.add(keyOf(call));
    if (!met.has(call.layer)) met.set(call.layer, met.size);
    stack.push({ call, next: 0 });
  };
  enter(output);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const input = inputsOf(top.call)[top.next];
    top.next += 1;
    if (input !== undefined) {
      enter(input);
    } else {
      walked.push(top.call);
      stack.pop();
    }
  }
  const callDepths = new Map<string, number>();
  const depths = new Map<string, number>();
  for (const call of walked.reverse()) {
    const depth = Math.max(callDepths.get(keyOf(call)) ?? 0, depths.get(call.layer) ?? 0);
    callDepths.set(keyOf(call), depth);
    depths.set(call.layer, depth);
    for (const input of inputsOf(call)) {
      callDepths.set(keyOf(input), Math.max(depth + 1, callDepths.get(keyOf(input)) ?? 0));
    }
  }
  const rank = (name: string): readonly [number, number] => [-(depths.get(name) ?? 0), met.get(name) ?? 0];
  const order = [...met.keys()].sort((a, b) => {
    const [[depthA, metA], [depthB, metB]] = [rank(a), rank(b)];
    return depthA - depthB || metA - metB;
  });
  return order.map(operationOf);
}
