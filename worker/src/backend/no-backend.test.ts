import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { openBackend } from './select.ts';

test('a machine on which no backend computes rightly gets none, and is told what was wrong with each', async () => {
  // The last backend to be tried, with a part missing. Needs a process of its own, as the files of `alone` have.
  tf.unregisterKernel('Relu', 'cpu');
  await expect(openBackend({ prefer: 'cpu', cpuThreads: 1 })).rejects.toMatchObject({
    code: 'DISTILL_E_BACKEND_NONE',
    message: expect.stringMatching(/^No backend computes here: backend cpu passed over: .*Relu.*\.$/) as unknown,
  });
});
