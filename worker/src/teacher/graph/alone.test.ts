import { expect, test } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs';
import { loadTeacher } from '../load.ts';
import { fixture, pixels, take, testTf } from '../../../test/teacher.ts';
import { layerAlone } from './alone.ts';
import { listConvolutions } from './candidates.ts';
import { teacherCut } from './cut.ts';

const tf = await testTf();

test.each(['kernels', 'nested', 'mobile'])(
  '%s: a layer alone computes what it computes in the network',
  async (name) => {
    const network = await loadTeacher(tf, { path: await fixture(`${name}.keras`) });
    const { candidates } = listConvolutions(network, { include: ['*'], exclude: [] });
    const cut = teacherCut(
      tf,
      network,
      candidates.map((layer) => layer.name),
    );
    for (const layer of candidates) {
      const alone = await layerAlone(tf, network, layer);
      const [given, expected] = tf.tidy(() => {
        const pair = cut.run(pixels(tf, [2, ...network.inputShape])).get(layer.name);
        return [
          take((alone.model.apply(pair?.input as Tensor) as Tensor).clone()),
          take(pair?.target.clone() as Tensor),
        ];
      });
      expect(given).toEqual(expected);
      alone.model.dispose();
    }
  },
);
