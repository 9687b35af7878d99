import type { AugmentationSpec, DistillationJobSpec, FineTuningSpec } from '@distillation/api/job';
import type { Tf } from '../../backend/tf.ts';
import type { Loader } from '../../data/loading/loader.ts';
import { stepsPerEpoch } from '../../data/order.ts';
import { matchesGlob } from '@distillation/api/glob';
import { streamKey } from '@distillation/core/random';
import { type Network, preparationLayers } from '../../teacher/graph/graph.ts';
import type { Teacher } from '../../teacher/load.ts';
import { builtName } from '../../teacher/graph/names.ts';
import type { OpenBatches, TrainingBatch } from '../measuring/batches.ts';
import { canBeKept, knownLogits, timesAsked } from './known-logits.ts';
import type { FineTuneRecord } from './fine-tune-progress.ts';
import {
  fineTune,
  type FineTuneOptions,
  type FineTuneResult,
  type FineTuneStep,
  type FineTuneStore,
} from './fine-tune.ts';
import type { Score } from '../select.ts';

const FLIP: AugmentationSpec = {
  flipHorizontal: 'Enabled',
  flipVertical: 'Disabled',
  cropPadding: 0,
  rotateDegrees: 0,
};
/** The paper's augmentation for fine-tuning on CIFAR: horizontal flip, and crop from a padded image. */
const FLIP_AND_CROP: AugmentationSpec = { ...FLIP, cropPadding: 4 };

interface TuneOptions {
  readonly tf: Tf;
  readonly spec: DistillationJobSpec;
  readonly teacher: Teacher;
  /** The network to be trained. */
  readonly student: Network;
  /** What decides which layers were not replaced: those that both have. The teacher when absent. */
  readonly other?: Pick<Network, 'graph'>;
  readonly loader: Loader;
  /** Number of samples in the training split. */
  readonly samples: number;
  /** Absent without labels. */
  readonly validation?: { readonly batches: OpenBatches; readonly assembled: Score };
  /** As in `FineTuneOptions`. */
  readonly scored?: FineTuneOptions['scored'];
  readonly store: FineTuneStore;
  readonly onStep?: (at: FineTuneStep) => void;
  readonly onEpoch?: (record: FineTuneRecord) => void;
}

/** Fine-tunes the student as the job's spec says. */
export function tune({
  tf,
  spec,
  teacher,
  student,
  other = teacher,
  loader,
  validation,
  samples,
  ...rest
}: TuneOptions): Promise<FineTuneResult> {
  const { fineTuning, dataset } = spec;
  // Not the blocks' seed itself, which would repeat the order and the crops that the blocks were trained on.
  const seed = streamKey('fine-tune', spec.training.seed);
  const augmentation = augmentationOf(fineTuning, dataset.augmentation);
  const { batchSize, epochs } = fineTuning;
  const { model, outputs, classes } = teacher;
  const times = timesAsked(augmentation);
  // An epoch asks the teacher once about each image anyway.
  const ask =
    fineTuning.teacherLogits !== undefined &&
    times !== undefined &&
    epochs > times &&
    canBeKept({ images: samples * times, classes });
  return fineTune(tf, {
    student: student.model,
    teacher: model,
    outputs,
    spec: fineTuning,
    seed,
    classes,
    frozen: new Set([...frozenLayers(student, other, fineTuning)].map((name) => builtName(student.graph, name))),
    stepsPerEpoch: stepsPerEpoch(samples, batchSize),
    train: (epoch) =>
      loader.batches({
        split: 'train',
        batchSize,
        training: { seed, epoch, ...(augmentation !== undefined && { augmentation }) },
      }),
    ...(ask && {
      askTeacher: () => {
        const batches = (): AsyncIterable<TrainingBatch> => loader.batches({ split: 'train', batchSize });
        const asked = { teacher: model, outputs, classes, samples, batches };
        return knownLogits(tf, { ...asked, ...(augmentation !== undefined && { augmentation }) });
      },
    }),
    ...(validation !== undefined && { validation: validation.batches, assembled: validation.assembled }),
    store: rest.store,
    ...(rest.scored && { scored: rest.scored }),
    ...(rest.onStep && { onStep: rest.onStep }),
    ...(rest.onEpoch && { onEpoch: rest.onEpoch }),
  });
}

function augmentationOf({ augmentation }: FineTuningSpec, dataset: AugmentationSpec): AugmentationSpec | undefined {
  return { Dataset: dataset, Flip: FLIP, FlipAndCrop: FLIP_AND_CROP, None: undefined }[augmentation];
}

/**
 * Layers of a network that fine-tuning does not train: those that the patterns name, those that only preprocess the image and, if the job
 * says so, all that were not replaced: of the student those that the teacher has too, of the control those that the student has too.
 */
export function frozenLayers(
  network: Pick<Network, 'graph'>,
  other: Pick<Network, 'graph'>,
  { freeze, freezeUnreplaced }: Pick<FineTuningSpec, 'freeze' | 'freezeUnreplaced'>,
): Set<string> {
  const unreplaced = (name: string): boolean => freezeUnreplaced === 'Enabled' && other.graph.layers.has(name);
  const chosen = [...network.graph.layers.keys()].filter((name) => matchesGlob(name, freeze) || unreplaced(name));
  return new Set([...chosen, ...preparationLayers(network.graph)]);
}
