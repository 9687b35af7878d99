import { setImmediate as turn } from 'node:timers/promises';
import type { Rank } from '@tensorflow/tfjs';
import { median } from '@distillation/api/median';
import type { DistillationJobSpec } from '@distillation/api/job';
import type { BlockCost } from '@distillation/api/plan';
import type { Tf } from '../../backend/tf.ts';
import { buildBlock } from '../../blocks/architectures.ts';
import { teacherCut } from '../../teacher/graph/cut.ts';
import type { Teacher } from '../../teacher/load.ts';
import { createBlockTrainer } from '../../training/step/block-trainer.ts';
import type { UncostedBlock } from './plan-blocks.ts';

/** Timed steps per block, after one that is not counted. */
const REPETITIONS = 5;

interface MeasureOptions {
  readonly teacher: Teacher;
  readonly spec: DistillationJobSpec;
  readonly blocks: readonly UncostedBlock[];
  /** Called after each timed step. */
  readonly onStep: () => void;
}

/**
 * Seconds per sample of each block's teacher prefix and of its own training step, from a few timed steps on one batch of noise (the
 * time does not depend on the pixels). The weights trained here are thrown away.
 */
export async function measureCosts(
  tf: Tf,
  { teacher, spec, blocks, onStep }: MeasureOptions,
): Promise<Map<string, BlockCost>> {
  const { batchSize } = spec.dataset;
  const images = tf.randomUniform<Rank.R4>([batchSize, ...teacher.inputShape], -1, 1, 'float32', 1);
  const costs = new Map<string, BlockCost>();
  for (const block of blocks) {
    const cut = teacherCut(tf, teacher, [block.layer.name]);
    const trainer = createBlockTrainer(tf, {
      block: block.name,
      layer: block.layer.name,
      attempt: 0,
      structure: buildBlock(block, spec.blocks),
      training: spec.training,
      totalSteps: REPETITIONS,
    });
    const prefix: number[] = [];
    const own: number[] = [];
    for (let repetition = -1; repetition < REPETITIONS; repetition++) {
      tf.tidy(() => {
        const start = performance.now();
        const pair = cut.run(images).get(block.layer.name);
        if (pair === undefined) return;
        // A device that computes asynchronously is waited for by reading one value back.
        tf.mean(pair.target).dataSync();
        const middle = performance.now();
        trainer.step(pair, tf.scalar(trainer.advance(0)));
        trainer.peekLoss();
        if (repetition < 0) return;
        prefix.push((middle - start) / 1000);
        own.push((performance.now() - middle) / 1000);
      });
      onStep();
      // Yields to the event loop, so that a signal to stop is handled here.
      await turn();
    }
    trainer.dispose();
    costs.set(block.name, { prefix: median(prefix) / batchSize, own: median(own) / batchSize });
  }
  images.dispose();
  return costs;
}
