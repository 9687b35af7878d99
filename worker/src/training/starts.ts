import { setImmediate as turn } from 'node:timers/promises';
import type { DistillationJobSpec } from '@distillation/api/job';
import type { BlockPlan, Shape3 } from '@distillation/api/plan';
import { plural } from '@distillation/api/format';
import type { Ledger } from '@distillation/ledger/ledger';
import type { NamedArray } from '@distillation/ledger/tensors';
import type { Tf } from '../backend/tf.ts';
import { buildBlock } from '../blocks/architectures.ts';
import {
  isFiniteMoments,
  type LayerStatistics,
  type LayerWeights,
  lowRankStart,
  statisticsOf,
} from '../blocks/low-rank-start.ts';
import type { Loader } from '../data/loading/loader.ts';
import type { Monitor } from '../serve/monitor.ts';
import type { TeacherCut } from '../teacher/graph/cut.ts';
import { layerMoments } from './moments.ts';
import type { TrainingBatch } from './pass.ts';

/** Training images, spread over the split, on which the activations' statistics are taken. */
const IMAGES = 1536;

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
  const { spec, ledger, monitor, log, stopped } = environment;
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
  const statistics = new Map<string, LayerStatistics>();
  for (const block of missing) {
    const { name, layer } = block;
    // A decomposition takes up to seconds; signals and the volume's claims have their turn between two.
    await turn();
    if (stopped()) return undefined;
    monitor.alive();
    const own = moments.get(layer.name);
    if (own === undefined || !isFiniteMoments(own)) {
      log(`${name}: the layer's activations are not finite, so its block starts at random`);
      continue;
    }
    const known = statistics.get(layer.name) ?? statisticsOf(own);
    statistics.set(layer.name, known);
    const start = lowRankStart(buildBlock(block, spec.blocks), environment.layerWeights(layer.name), known);
    await ledger.writeStart(name, start);
    starts.set(name, start);
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
