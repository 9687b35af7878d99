import type { DistillationJobSpec } from '@distillation/api/job';
import type { BlockPlan, Shape3 } from '@distillation/api/plan';
import { plural } from '@distillation/api/format';
import type { Ledger } from '@distillation/ledger/ledger';
import type { NamedArray } from '@distillation/ledger/tensors';
import { noticeSignals } from '../../process/stop.ts';
import type { Tf } from '../../backend/tf.ts';
import { buildBlock } from '../../blocks/architectures.ts';
import type { LayerWeights } from '../../blocks/low-rank-start.ts';
import type { Loader } from '../../data/loading/loader.ts';
import type { Monitor } from '../../serve/monitor.ts';
import type { TeacherCut } from '../../teacher/graph/cut.ts';
import { IMAGES, isFiniteMoments, layerMoments } from './moments.ts';
import type { TrainingBatch } from '../step/pass.ts';

export interface StartEnvironment {
  readonly tf: Tf;
  readonly spec: DistillationJobSpec;
  readonly cut: (layers: readonly string[]) => TeacherCut;
  /** Weights of a layer of the teacher. */
  readonly layerWeights: (layer: string) => LayerWeights;
  readonly loader: Loader;
  readonly imageShape: Shape3;
  readonly ledger: Ledger;
  readonly monitor: Pick<Monitor, 'alive'>;
  readonly log: (line: string) => void;
  readonly stopped: () => boolean;
}

/**
 * Initial weights of blocks that start from the teacher instead of from random numbers: those on the volume, the missing ones
 * computed in one pass over some training images and written there. They depend on the layer alone, so any worker computes the same.
 * A layer whose activations are not finite has none, and starts at random.
 * @returns the starts by block; undefined when stopped early
 */
export async function startsOf(
  blocks: readonly BlockPlan[],
  environment: StartEnvironment,
): Promise<ReadonlyMap<string, readonly NamedArray[]> | undefined> {
  const { tf, spec, layerWeights, ledger, monitor, log, stopped } = environment;
  const starts = new Map<string, readonly NamedArray[]>();
  const missing: BlockPlan[] = [];
  for (const block of blocks) {
    if (block.architecture !== 'LowRank') continue;
    const found = await ledger.readStart(block.name);
    if (found === undefined) missing.push(block);
    else starts.set(block.name, found);
  }
  if (missing.length === 0) return starts;
  log(`computes the start of ${plural(missing.length, 'block')} from the teacher's activations`);
  const moments = await momentsOf(missing, environment);
  if (moments === undefined) return undefined;
  // Loads the library of linear algebra.
  const { starterOf } = await import('./starter.ts');
  for (const layer of new Set(missing.map((block) => block.layer.name))) {
    const own = missing.filter((block) => block.layer.name === layer);
    const measured = moments.get(layer);
    if (measured === undefined || !isFiniteMoments(measured)) {
      const names = own.map(({ name }) => name).join(', ');
      log(`${names}: the activations of layer ${layer} are not finite, so that it starts at random`);
      continue;
    }
    const structures = own.map((block) => ({ block, structure: buildBlock(block, spec.blocks) }));
    const starter = starterOf(tf, measured, {
      weights: layerWeights(layer),
      blocks: structures.map(({ structure }) => structure),
    });
    for (const { block, structure } of structures) {
      // A decomposition takes up to a minute (docs/adr/0025); the volume's claims have their turn after each, too.
      const start = starter(structure);
      await noticeSignals();
      if (stopped()) return undefined;
      monitor.alive();
      await ledger.writeStart(block.name, start);
      starts.set(block.name, start);
    }
  }
  return starts;
}

function momentsOf(blocks: readonly BlockPlan[], environment: StartEnvironment): ReturnType<typeof layerMoments> {
  const { tf, cut, layerWeights, imageShape, stopped } = environment;
  const layers = new Map(blocks.map(({ layer }) => [layer.name, layer]));
  const teacherCut = cut([...layers.keys()]);
  return layerMoments(tf, {
    layers: [...layers].map(([name, layer]) => ({ name, layer, weights: layerWeights(name) })),
    runCut: (x) => teacherCut.run(x),
    batches: sampleBatches(environment),
    imageShape,
    stopped,
  });
}

async function* sampleBatches({ loader, spec, monitor }: StartEnvironment): AsyncGenerator<TrainingBatch> {
  const { batchSize } = spec.dataset;
  for await (const { images, labels } of loader.batches({ split: 'train', batchSize, atMost: IMAGES })) {
    monitor.alive();
    yield { images, count: labels.length };
  }
}
