import { expect, test } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs';
import { loadTeacher } from '../load.ts';
import { fixture, pixels, take, testTf } from '../../../test/teacher.ts';
import { layerAlone } from './alone.ts';
import { LAYER_KINDS } from '@distillation/api/words';
import { listLayers } from './candidates.ts';
import { teacherCut } from './cut.ts';

const tf = await testTf();

test.each(['kernels', 'nested', 'mobile', 'vgg16'])(
  '%s: a layer alone computes what it computes in the network',
  async (name) => {
    const network = await loadTeacher(tf, { path: await fixture(`${name}.keras`) });
    const { candidates } = listLayers(network, { include: ['*'], exclude: [], layers: LAYER_KINDS });
    const cut = teacherCut(
      tf,
      network,
      candidates.map((layer) => layer.name),
    );
    for (const layer of candidates) {
      const alone = await layerAlone(tf, network, layer);
      const [given, expected] = tf.tidy(() => {
        const pair = cut.run(pixels(tf, [2, ...network.inputShape])).get(layer.name);
        if (pair === undefined) throw new Error(layer.name);
        // A dense layer takes vectors, which blocks see as images.
        const input = pair.input.reshape([2, ...(alone.model.inputs[0]?.shape.slice(1).map(Number) ?? [])]);
        return [take((alone.model.apply(input) as Tensor).clone()), take(pair.target.clone())];
      });
      expect(given).toEqual(expected);
      alone.model.dispose();
    }
  },
);
