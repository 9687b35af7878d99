import { internalError } from '@distillation/api/errors';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { Forward } from '../../backend/graph/forward.ts';
import type { Tf } from '../../backend/tf.ts';
import type { Network } from '../../teacher/graph/graph.ts';
import { networkProbe } from '../../teacher/graph/suffix.ts';
import { imageTensor, type LabelledBatch, scores } from './batches.ts';
import { DivergenceSum, logProbabilities } from './divergence.ts';
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

/** What a network's answers are worth beside the teacher's. */
export interface Measurement {
  /** Absent without labels. */
  readonly score?: Score;
  /** Mean Kullback-Leibler divergence from the teacher's output, in nats. */
  readonly divergence: number;
}

export interface Measurements {
  /** Absent without labels. */
  readonly teacher?: Agreement;
  readonly blocks: ReadonlyMap<string, Measurement>;
}

interface MeasuredNetworks {
  readonly teacher: Network;
  readonly outputs: 'Logits' | 'Probabilities';
  readonly labelled: boolean;
}

/**
 * Measures the teacher, and each block alone inside the teacher, in one pass over the data. One forward pass of the
 * teacher yields every layer's input, so a block costs only itself and the layers after it.
 */
export async function measureBlocks(
  tf: Tf,
  { teacher, blocks, outputs, labelled }: MeasuredNetworks & { readonly blocks: readonly TrainedBlock[] },
  batches: AsyncIterable<LabelledBatch>,
): Promise<Measurements> {
  const probe = networkProbe(tf, teacher, [...new Set(blocks.map(({ layer }) => layer))]);
  const forward = new Forward(tf, (images) => {
    const { output, layers } = probe(images as Tensor4D);
    const others = blocks.map((block) =>
      tf.tidy(() => {
        const probed = layers.get(block.layer);
        if (probed === undefined) throw internalError(`The teacher has no layer ${block.layer}.`);
        return probed.outputWith(block.run(probed.input));
      }),
    );
    return [output, ...others];
  });
  const meters = new Map(blocks.map(({ block }) => [block, new Meter({ outputs, labelled })]));
  const teacherCount = new AgreementCount();
  try {
    for await (const batch of batches) {
      tf.tidy(() => {
        const labels = tf.tensor1d(Int32Array.from(batch.labels));
        const [output, ...others] = forward.of(imageTensor(tf, teacher.model, batch));
        if (output === undefined) throw internalError('The teacher has no output.');
        if (labelled) teacherCount.add(answersOf(tf, output), batch.labels);
        const expected = expectation(output, outputs);
        blocks.forEach(({ block }, i) => {
          const other = others[i];
          if (other !== undefined) meters.get(block)?.add(tf, { output: other, labels, expected });
        });
      });
    }
  } finally {
    forward.dispose();
  }
  return {
    ...(labelled && { teacher: teacherCount.result }),
    blocks: new Map([...meters].map(([block, meter]) => [block, meter.result])),
  };
}

/** The teacher's output for a batch, in the form in which others are held against it. */
interface Expectation {
  readonly logs: Float64Array;
  readonly classes: number;
}

export function expectation(output: Tensor, outputs: 'Logits' | 'Probabilities'): Expectation {
  const rows = scores(output);
  const [, classes] = rows.shape;
  return { logs: logProbabilities(rows.dataSync(), classes, outputs), classes };
}

/** Measures one network, batch by batch. */
export class Meter {
  readonly #of: Omit<MeasuredNetworks, 'teacher'>;
  readonly #divergence = new DivergenceSum();
  #correct = 0;
  #total = 0;

  constructor(of: Omit<MeasuredNetworks, 'teacher'>) {
    this.#of = of;
  }

  add(tf: Tf, { output, labels, expected }: { output: Tensor; labels: Tensor; expected: Expectation }): void {
    if (this.#of.labelled) this.#correct += countCorrect(tf, output, labels);
    this.#total += labels.size;
    this.#divergence.add(expected.logs, expectation(output, this.#of.outputs).logs, expected.classes);
  }

  get result(): Measurement {
    const score = { correct: this.#correct, total: this.#total };
    return { ...(this.#of.labelled && { score }), divergence: this.#divergence.mean };
  }
}
