import type { Tensor4D } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { assembleStudent, studentParts } from '../../teacher/graph/rewrite/replace.ts';
import { batchesOf, patchSamples, withFolder } from '../../../test/finalize.ts';
import { evaluate } from './evaluate.ts';
import { gatherBlocks, loadBlock, replacementsOf } from '../gather.ts';
import { measureBlocks } from './measure.ts';
import { tf, jobOf, commitBlock, openWorld } from '../../../test/finalize-world.ts';

test('a block measured inside the teacher scores as the teacher assembled with that block alone', async () => {
  const job = jobOf();
  await withFolder(async (volume) => {
    const world = await openWorld(volume, job);
    for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 20, job });
    const gathered = await gatherBlocks(world.ledger, world.plan, job.spec.blocks);
    const loaded = gathered.flatMap((block) => loadBlock(tf, block) ?? []);
    const samples = patchSamples('measure', 100);
    const before = tf.memory().numTensors;
    const measured = await measureBlocks(
      tf,
      { teacher: world.teacher, outputs: world.teacher.outputs, labelled: true, blocks: loaded },
      batchesOf(samples, 40),
    );
    expect(tf.memory().numTensors).toBe(before);
    const alone = await Promise.all(
      loaded.map(async ({ layer }) => {
        const { model } = await assembleStudent(
          tf,
          studentParts(world.teacher, replacementsOf(gathered, new Set([layer]))),
        );
        return (await evaluate(tf, [model], batchesOf(samples, 40)))[0];
      }),
    );
    expect([...measured.blocks.values()].map(({ score }) => score)).toEqual(alone);
    expect([measured.teacher]).toMatchObject(await evaluate(tf, [world.teacher.model], batchesOf(samples, 40)));
    // The scores must tell the blocks apart from the teacher and from each other, or this test proves nothing.
    expect(new Set([measured.teacher, ...alone].map((score) => score?.correct)).size).toBeGreaterThan(1);
    const x: Tensor4D = tf.zeros([1, 8, 8, 1]);
    expect(loaded[0]?.run(x).shape).toEqual([1, 8, 8, 8]);
  });
});
