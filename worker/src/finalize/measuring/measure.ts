import { internalError } from '@distillation/api/errors';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { Tf } from '../../backend/tf.ts';
import type { Network } from '../../teacher/graph/graph.ts';
import { networkProbe } from '../../teacher/graph/suffix.ts';
import { imageTensor, type LabelledBatch } from './batches.ts';
import { answersOf, countCorrect } from './evaluate.ts';
import { type Agreement, AgreementCount } from './guessing.ts';
import type { Score } from '../select.ts';

/** A trained block, ready to run. */
export interface TrainedBlock {
  readonly block: string;
  /** Name of the layer that the block replaces. */
  readonly layer: string;
  /** The block's output for the input of its layer. */
  run(x: Tensor4D): Tensor4D;
}

export interface Measurements {
  readonly teacher: Agreement;
  readonly blocks: ReadonlyMap<string, Score>;
}

/**
 * Scores the teacher, and each block alone inside the teacher, in one pass over the data. One forward pass of the
 * teacher yields every layer's input, so a block costs only itself and the layers after it.
 */
export async function measureBlocks(
  tf: Tf,
  { teacher, blocks }: { readonly teacher: Network; readonly blocks: readonly TrainedBlock[] },
  batches: AsyncIterable<LabelledBatch>,
): Promise<Measurements> {
  const probe = networkProbe(tf, teacher, [...new Set(blocks.map(({ layer }) => layer))]);
  const correct = new Map(blocks.map(({ block }) => [block, 0]));
  const teacherCount = new AgreementCount();
  let total = 0;
  for await (const batch of batches) {
    tf.tidy(() => {
      const labels = tf.tensor1d(Int32Array.from(batch.labels));
      const { output, layers } = probe(imageTensor(tf, teacher.model, batch) as Tensor4D);
      teacherCount.add(answersOf(tf, output), batch.labels);
      for (const block of blocks) {
        const count = tf.tidy(() => {
          const probed = layers.get(block.layer);
          if (probed === undefined) throw internalError(`The teacher has no layer ${block.layer}.`);
          return countCorrect(tf, probed.outputWith(block.run(probed.input)), labels);
        });
        correct.set(block.block, (correct.get(block.block) ?? 0) + count);
      }
    });
    total += batch.labels.length;
  }
  const score = (count: number): Score => ({ correct: count, total });
  return { teacher: teacherCount.result, blocks: new Map([...correct].map(([block, n]) => [block, score(n)])) };
}
