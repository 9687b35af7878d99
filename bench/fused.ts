import { teacherCut } from '../worker/src/teacher/graph/cut.ts';
import { buildBlock } from '../worker/src/blocks/architectures.ts';
import { type BlockTrainer, createBlockTrainer } from '../worker/src/training/step/block-trainer.ts';
import { trainPass, type TrainingBatch } from '../worker/src/training/step/pass.ts';
import { summarize, table } from './measure.ts';
import { openSample, type Sample } from './sample.ts';

/**
 * Compares two ways to do the same work in one process on one core: all 13 convolutions of the sample teacher are trained for some
 * steps on CIFAR-10, in one fused pass and, as in the paper, in 13 independent passes. Both load and augment their own data. The
 * two take turns, so that other load on the machine affects both; ratios are computed pairwise.
 */

const STEPS = 4;
const ROUNDS = 5;

function trainers({ tf, spec, blocks }: Sample): BlockTrainer[] {
  return blocks.map((block) =>
    createBlockTrainer(tf, {
      block: block.name,
      layer: block.layer.name,
      attempt: 0,
      structure: buildBlock(block, spec.blocks),
      training: spec.training,
      totalSteps: STEPS,
    }),
  );
}

async function* batches({ loader, spec }: Sample): AsyncGenerator<TrainingBatch> {
  let step = 0;
  const { batchSize, augmentation } = spec.dataset;
  for await (const { images, labels } of loader.batches({
    split: 'train',
    batchSize,
    training: { seed: 1, epoch: 0, augmentation },
  })) {
    if (step++ >= STEPS) return;
    yield { images, count: labels.length };
  }
}

async function seconds(sample: Sample, groups: readonly (readonly BlockTrainer[])[]): Promise<number> {
  const start = performance.now();
  for (const group of groups) {
    const cut = teacherCut(
      sample.tf,
      sample.teacher,
      group.map(({ block }) => block),
    );
    await trainPass(sample.tf, {
      trainers: group,
      runCut: (x) => cut.run(x),
      batches: batches(sample),
      imageShape: sample.loader.imageShape,
      firstStep: 0,
      steps: Infinity,
    });
  }
  return (performance.now() - start) / 1000;
}

const sample = await openSample();
const all = trainers(sample);
const fusedTimes: number[] = [];
const independentTimes: number[] = [];
let fusedPeak = 0;
for (let round = -1; round < ROUNDS; round++) {
  const fused = await seconds(sample, [all]);
  fusedPeak = Math.max(fusedPeak, process.memoryUsage().rss);
  const independent = await seconds(
    sample,
    all.map((trainer) => [trainer]),
  );
  // The first round is a warm-up for both.
  if (round < 0) continue;
  fusedTimes.push(fused);
  independentTimes.push(independent);
}
await sample.loader.close();
const images = STEPS * sample.spec.dataset.batchSize;
const ratios = independentTimes.map((time, i) => time / (fusedTimes[i] ?? Number.NaN));
process.stdout.write(
  `${all.length} blocks of the sample teacher, ${STEPS} steps of ${sample.spec.dataset.batchSize} images, ${sample.description}\n${table(
    [
      ['', 'min', 'median', 'max'],
      ['fused, s', ...summarize(fusedTimes)],
      ['independent, s', ...summarize(independentTimes)],
      ['independent / fused', ...summarize(ratios)],
      ['fused, images/s', ...summarize(fusedTimes.map((time) => images / time))],
    ],
  )}\npeak memory ${(fusedPeak / 2 ** 20).toFixed(0)} MiB fused, ${(process.resourceUsage().maxRSS / 2 ** 10).toFixed(0)} MiB in all\n`,
);
