import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomStream } from '@distillation/core/random';
import type { Json, JsonObject } from '../src/teacher/files/json.ts';
import { temporaryFolder } from './teacher.ts';
import { fit, type Shape } from './network-fit.ts';
import type { Drawn, Step } from './networks.ts';

/** Writes randomly drawn networks as the files that a converter from Keras would write. */

interface At {
  readonly layer: string;
  readonly node: number;
}
interface Written {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Weights of all layers of a file, and the names already taken in one model. */
class Writing {
  readonly layers: JsonObject[] = [];
  readonly #taken = new Set<string>();
  readonly #uses = new Map<string, number>();
  readonly #keras: Drawn['keras'];
  readonly #path: string;
  readonly weights: Written[];

  constructor(keras: Drawn['keras'], path: string, weights: Written[]) {
    this.#keras = keras;
    this.#path = path;
    this.weights = weights;
  }

  name(wanted: string): string {
    let name = wanted;
    for (let count = 1; this.#taken.has(name); count++) name = `${wanted}_${count}`;
    this.#taken.add(name);
    return name;
  }

  add(name: string, className: string, { config, inputs, options = {} }: Adding): At {
    const nodes = [inputs.map((input) => [input.layer, input.node, 0, options])];
    this.layers.push({
      name,
      class_name: className,
      config: { name, ...config },
      inbound_nodes: inputs.length === 0 ? [] : nodes,
    });
    this.#uses.set(name, 1);
    return { layer: name, node: 0 };
  }

  again(name: string, inputs: readonly At[]): At {
    const layer = this.layers.find((entry) => entry['name'] === name);
    if (layer === undefined) throw new Error(`there is no layer ${name}`);
    (layer['inbound_nodes'] as Json[]).push(inputs.map((input) => [input.layer, input.node, 0, {}]));
    const node = this.#uses.get(name) ?? 0;
    this.#uses.set(name, node + 1);
    return { layer: name, node };
  }

  weigh(layer: string, weights: Readonly<Record<string, readonly number[]>>): void {
    for (const [own, shape] of Object.entries(weights)) {
      const name = `${this.#path}${layer}/${own}`;
      const stream = randomStream('drawn', name);
      const size = shape.reduce((product, length) => product * length, 1);
      const values = Float32Array.from({ length: size }, () => stream.normal() / 2);
      this.weights.push({
        name,
        shape,
        values: own.includes('variance') ? values.map((value) => value * value + 0.1) : values,
      });
    }
  }

  run(
    steps: readonly Step[],
    start: { readonly at: At; readonly shape: Shape },
  ): { readonly at: At; readonly shape: Shape } {
    return steps.reduce((current, next) => this.#step(next, current) ?? current, start);
  }

  #step(
    next: Step,
    { at, shape }: { readonly at: At; readonly shape: Shape },
  ): { readonly at: At; readonly shape: Shape } | undefined {
    const channels = shape[2];
    switch (next.kind) {
      case 'layer': {
        const fitted = fit(next, shape);
        if (fitted === undefined) return undefined;
        const name = this.name(next.name);
        this.weigh(name, fitted.weights);
        return { at: this.add(name, next.className, { config: fitted.config, inputs: [at] }), shape: fitted.shape };
      }
      case 'operation': {
        if (this.#keras !== '2.15.0') return undefined;
        const className = next.function.endsWith('getitem') ? 'SlicingOpLambda' : 'TFOpLambda';
        const list = Array.from({ length: channels }, (_, c) => (c + 1) / 4);
        const options = Object.fromEntries(
          Object.entries(next.options).map(([key, value]) => [
            next.function === 'nn.bias_add' ? 'bias' : key,
            value === 'channels' || next.function === 'nn.bias_add' ? list : value,
          ]),
        );
        const name = this.name(next.name);
        return { at: this.add(name, className, { config: { function: next.function }, inputs: [at], options }), shape };
      }
      case 'branch': {
        const inside = this.run(next.inside, { at, shape });
        const fits = inside.shape.every(
          (size, axis) => size === shape[axis] || (next.className === 'Concatenate' && axis === 2),
        );
        if (!fits) return inside;
        const name = this.name(next.name);
        if (next.className === 'Subtract') {
          if (this.#keras !== '2.15.0')
            return { at: this.add(name, 'Subtract', { config: {}, inputs: [at, inside.at] }), shape };
          const options = { y: [inside.at.layer, inside.at.node, 0] };
          return {
            at: this.add(name, 'TFOpLambda', { config: { function: 'math.subtract' }, inputs: [at], options }),
            shape,
          };
        }
        const joined: Shape =
          next.className === 'Concatenate' ? [shape[0], shape[1], channels + inside.shape[2]] : shape;
        const config = next.className === 'Concatenate' ? { axis: -1 } : {};
        return { at: this.add(name, next.className, { config, inputs: [at, inside.at] }), shape: joined };
      }
      case 'shared': {
        const config = { ...next.config, filters: channels, strides: [1, 1], padding: 'same', groups: 1 };
        const fitted = fit({ ...next, kind: 'layer', className: 'Conv2D', config }, shape);
        if (fitted === undefined) return undefined;
        const name = this.name(next.name);
        this.weigh(name, fitted.weights);
        const once = this.add(name, 'Conv2D', { config: fitted.config, inputs: [at] });
        return { at: this.again(name, [once]), shape };
      }
      case 'model': {
        const name = this.name(next.name);
        const inner = new Writing(this.#keras, `${this.#path}${name}/`, this.weights);
        const input = inner.add(inner.name('inside'), 'InputLayer', {
          config: { batch_input_shape: [null, ...shape] },
          inputs: [],
        });
        const end = inner.run(next.inside, { at: input, shape });
        if (end.at.layer === input.layer) return undefined;
        const config = next.className === 'Sequential' ? { layers: inner.layers } : inner.config(name, input, end.at);
        return { at: this.add(name, next.className, { config, inputs: [at] }), shape: end.shape };
      }
    }
  }

  config(name: string, input: At, output: At): JsonObject {
    return {
      name,
      layers: this.layers,
      input_layers: [[input.layer, 0, 0]],
      output_layers: [[output.layer, output.node, 0]],
    };
  }
}

interface Adding {
  readonly config: JsonObject;
  readonly inputs: readonly At[];
  readonly options?: JsonObject;
}

/** The network as a folder that the converter from Keras would write; returns the folder. */
export async function writeNetwork({ keras, input, name, steps, head }: Drawn): Promise<string> {
  const weights: Written[] = [];
  const writing = new Writing(keras, '', weights);
  const start = writing.add(writing.name('images'), 'InputLayer', {
    config: { batch_input_shape: [null, ...input] },
    inputs: [],
  });
  const { at, shape } = writing.run(steps, { at: start, shape: input });
  const pooled = writing.add(writing.name('pooled'), head.pool, { config: {}, inputs: [at] });
  const features = head.pool === 'Flatten' ? shape[0] * shape[1] * shape[2] : shape[2];
  const scores = writing.name(head.name);
  // A softmax of one number is refused, which is tested elsewhere.
  const ends =
    head.units > 1 || head.ends === 'linear' ? head.ends : head.ends === 'Activation' ? head.ends : 'sigmoid';
  const inside = ends === 'Softmax' || ends === 'Activation' ? 'linear' : ends;
  let output = writing.add(scores, 'Dense', {
    config: { units: head.units, use_bias: true, activation: inside },
    inputs: [pooled],
  });
  writing.weigh(scores, { kernel: [features, head.units], bias: [head.units] });
  if (ends === 'Softmax')
    output = writing.add(writing.name('end'), 'Softmax', { config: { axis: -1 }, inputs: [output] });
  if (ends === 'Activation') {
    const activation = head.units === 1 ? 'sigmoid' : 'softmax';
    output = writing.add(writing.name('end'), 'Activation', { config: { activation }, inputs: [output] });
  }
  const folder = await mkdtemp(join(await temporaryFolder(), 'drawn-'));
  const modelTopology = {
    keras_version: keras,
    model_config: { class_name: 'Functional', config: writing.config(name, start, output) },
  };
  const manifest = weights.map((weight) => ({ name: weight.name, shape: weight.shape, dtype: 'float32' }));
  await writeFile(join(folder, 'weights.bin'), Buffer.concat(weights.map(({ values }) => Buffer.from(values.buffer))));
  await writeFile(
    join(folder, 'model.json'),
    JSON.stringify({
      format: 'layers-model',
      modelTopology,
      weightsManifest: [{ paths: ['weights.bin'], weights: manifest }],
    }),
  );
  return folder;
}
