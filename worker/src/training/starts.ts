import { setImmediate as turn } from 'node:timers/promises';
import type { DistillationJobSpec } from '@distillation/api/job';
import type { BlockPlan, Shape3 } from '@distillation/api/plan';
import { plural } from '@distillation/api/format';
import type { Ledger } from '@distillation/ledger/ledger';
import type { NamedArray, Weight } from '@distillation/ledger/tensors';
import type { Tf } from '../backend/tf.ts';
import { buildBlock } from '../blocks/architectures.ts';
import { type LayerWeights, lowRankStart, statisticsOf } from '../blocks/low-rank-start.ts';
import { principalComponents } from '../blocks/principal-components.ts';
import { type Multiply, productStart } from '../blocks/product-start.ts';
import type { BlockStructure } from '../blocks/structure.ts';
import type { Loader } from '../data/loading/loader.ts';
import type { Monitor } from '../serve/monitor.ts';
import type { TeacherCut } from '../teacher/graph/cut.ts';
import { IMAGES, isFiniteMoments, type LayerMoments, layerMoments } from './moments.ts';
import type { TrainingBatch } from './pass.ts';

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
  for (const layer of new Set(missing.map((block) => block.layer.name))) {
    const own = missing.filter((block) => block.layer.name === layer);
    const measured = moments.get(layer);
    if (measured === undefined || !isFiniteMoments(measured)) {
      const names = own.map(({ name }) => name).join(', ');
      log(`${names}: the activations of layer ${layer} are not finite, so that it starts at random`);
      continue;
    }
    const starter = starterOf(measured, own, environment);
    for (const block of own) {
      // A decomposition takes up to a minute (docs/adr/0025); signals and the volume's claims have their turn between two.
      await turn();
      if (stopped()) return undefined;
      monitor.alive();
      const start = starter(buildBlock(block, spec.blocks));
      await ledger.writeStart(block.name, start);
      starts.set(block.name, start);
    }
  }
  return starts;
}

/** The start of a block of a layer, whose decompositions are the same for all its blocks. */
type Starter = (structure: BlockStructure) => Weight[];

function starterOf(moments: LayerMoments, blocks: readonly BlockPlan[], environment: StartEnvironment): Starter {
  const { tf, spec } = environment;
  const weights = environment.layerWeights(blocks[0]?.layer.name ?? '');
  if (moments.kind === 'Convolution') {
    const statistics = statisticsOf(moments);
    return (structure) => lowRankStart(structure, weights, statistics);
  }
  const ranks = blocks.map((block) => buildBlock(block, spec.blocks).layers[0]?.outChannels ?? 0);
  const components = principalComponents(moments, weights.kernel, Math.max(...ranks));
  const multiply: Multiply = (a, b) =>
    tf.tidy(() =>
      Float32Array.from(tf.matMul(tf.tensor2d(a.data, [...a.shape]), tf.tensor2d(b.data, [...b.shape])).dataSync()),
    );
  return (structure) => productStart(structure, { weights, components, outputMean: moments.outputMean }, multiply);
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
