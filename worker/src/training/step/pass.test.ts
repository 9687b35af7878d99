import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../backend/select.ts';
import type { Tf } from '../../backend/tf.ts';
import type { BlockTrainer } from './block-trainer.ts';
import { type PassTiming, trainPass } from './pass.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await openBackend({ cpuThreads: 1 }));
});

const STEPS = 3;

/** A pass of three steps with a trainer that only counts them; the stop signal comes during the given step. */
async function pass(toldDuring: number): Promise<{ readonly steps: number; readonly timing: PassTiming | undefined }> {
  let steps = 0;
  const unused = (): never => {
    throw new Error('a pass only steps');
  };
  const trainer: BlockTrainer = {
    block: 'conv',
    layer: 'conv',
    attempt: 0,
    state: [],
    advance: (step) => step,
    step: () => (steps += 1),
    takeLoss: unused,
    peekLoss: unused,
    infer: unused,
    snapshot: unused,
    dispose: unused,
  };
  async function* batches(): AsyncGenerator<{ images: Float32Array; count: number }> {
    for (let step = 0; step < STEPS; step++) yield await Promise.resolve({ images: new Float32Array(1), count: 1 });
  }
  const timing = await trainPass(tf, {
    trainers: [trainer],
    runCut: (x) => new Map([['conv', { input: x, target: x }]]),
    batches: batches(),
    imageShape: [1, 1, 1],
    firstStep: 0,
    steps: STEPS,
    stopped: () => steps >= toldDuring,
  });
  return { steps, timing };
}

describe('trainPass', () => {
  it('stops after the step during which it is told to, and leaves nothing to keep', async () => {
    expect(await pass(1)).toEqual({ steps: 1, timing: undefined });
  });

  it('told to stop during the last step keeps the epoch: all of it is done', async () => {
    expect(await pass(STEPS)).toMatchObject({ steps: STEPS, timing: { images: STEPS } });
  });
});
