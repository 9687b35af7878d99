import type { Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeNetwork } from '../../test/network-files.ts';
import { drawnNetwork } from '../../test/networks.ts';
import { pixels, relativeDifference, take, testTf } from '../../test/teacher.ts';
import type { Network } from '../teacher/graph/graph.ts';
import { loadTeacher } from '../teacher/load.ts';
import { onnxModel } from './model.ts';
import { openOnnxRuntime, openSession } from './runtime.ts';

const tf = await testTf();
const { runtime, missing } = await openOnnxRuntime();
if (runtime === undefined) throw new Error(missing);

const OPTIONS = { output: 'scores', producerVersion: '0', description: 'A test.', metadata: { classes: '["a"]' } };

/** Largest difference between ONNX Runtime's output and the network's own, relative to the largest value. */
async function difference(network: Network, batch: number): Promise<number> {
  const shape = [batch, ...(network.model.inputs[0]?.shape.slice(1) as number[])];
  const images = pixels(tf, shape);
  const expected = take(tf.tidy(() => network.model.apply(images, { training: false }) as Tensor));
  const session = await openSession(runtime as never, onnxModel(network, OPTIONS), { threads: 1 });
  const found = await session.run(Float32Array.from(images.dataSync()), shape);
  await session.close();
  images.dispose();
  return relativeDifference(found, expected);
}

test('ONNX Runtime computes for networks of any kind what the network computes', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(drawnNetwork, async (drawn) => {
      const teacher = await loadTeacher(tf, {
        path: await writeNetwork(drawn),
        outputs: drawn.head.units === 1 && drawn.head.ends === 'linear' ? 'Logits' : 'Auto',
      });
      expect(await difference(teacher, 3)).toBeLessThan(1e-4);
      teacher.model.dispose();
    }),
    { numRuns: Number(process.env['RUNS'] ?? 60), seed: 8 },
  );
});
