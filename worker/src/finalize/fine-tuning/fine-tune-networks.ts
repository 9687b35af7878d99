import { controlRecipe, plannedInputs, tuningRecipe } from '@distillation/api/recipe';
import { type Network } from '../../teacher/graph/graph.ts';
import { builtLayer } from '../../teacher/graph/names.ts';
import { assembleStudent, studentParts } from '../../teacher/graph/replace.ts';
import { accuracyOf } from '../report.ts';
import { type FinalizeOptions, pass } from '../run.ts';
import type { Score } from '../select.ts';
import { IMAGES } from '../../training/moments.ts';
import { modelFiles } from '../student/export.ts';
import type { FineTuneResult, FineTuneStore } from './fine-tune.ts';
import { CONTROL_EPOCHS, ledgerStore } from './fine-tune-store.ts';
import { type Normalized, normalizeForTraining } from './normalized.ts';
import { frozenLayers, tune } from './tune.ts';

/** Fine-tunes the networks of a job, with its progress told and its epochs on the volume. */

/** @param assembled the student's validation score before; absent without labels */
export function fineTuneStudent(
  options: FinalizeOptions,
  student: Network,
  assembled: Score | undefined,
): Promise<FineTuneResult> {
  const { job, plan, ledger } = options;
  const start = `${tuningRecipe(job.spec, plannedInputs(plan))} ${modelFiles(student).sha256}`;
  return fineTuneNetwork(options, {
    network: student,
    before: assembled,
    store: ledgerStore(ledger, start),
    stage: 'FineTune',
  });
}

/** The teacher, fine-tuned as the student was. */
export interface Control {
  /** The caller disposes of the model. */
  readonly network: Network;
  readonly fineTuning: FineTuneResult;
}

/**
 * Fine-tunes a copy of the teacher as the student is fine-tuned: the same epochs, order of the data, losses and rates, the teacher's own
 * logits as the target. It starts from the teacher as it is and never becomes the student. Undefined where the job asks for none, or
 * freezes all that could be trained.
 *
 * @param before the teacher's validation score; absent without labels
 */
export async function fineTuneControl(
  options: FinalizeOptions,
  student: Network,
  before: Score | undefined,
): Promise<Control | undefined> {
  const { job, plan, ledger, teacher, backend, log } = options;
  const { fineTuning } = job.spec;
  if (fineTuning.control !== 'Enabled') return undefined;
  const frozen = frozenLayers(teacher, student, fineTuning);
  const trained = [...teacher.graph.layers.keys()].filter(
    (name) => !frozen.has(name) && builtLayer(teacher, name).weights.length > 0,
  );
  if (trained.length === 0) {
    log('there is no control: fine-tuning freezes every layer of the teacher');
    return undefined;
  }
  const network = await assembleStudent(backend.tf, studentParts(teacher, new Map()));
  try {
    const start = `${controlRecipe(job.spec, plannedInputs(plan))} ${trained.join(' ')}`;
    const result = await fineTuneNetwork(options, {
      network,
      other: student,
      before,
      store: ledgerStore(ledger, start, CONTROL_EPOCHS),
      stage: 'Control',
    });
    return { network, fineTuning: result };
  } catch (error) {
    network.model.dispose();
    throw error;
  }
}

interface Tuned {
  readonly network: Network;
  readonly other?: Network;
  readonly before: Score | undefined;
  readonly store: FineTuneStore;
  readonly stage: keyof typeof NAMES;
}

const NAMES = { FineTune: 'fine-tuning', Control: 'fine-tuning of the control,' } as const;

async function fineTuneNetwork(
  options: FinalizeOptions,
  { network, other, before, store, stage }: Tuned,
): Promise<FineTuneResult> {
  const { job, backend, teacher, loader, dataset, log, onProgress } = options;
  const { epochs } = job.spec.fineTuning;
  const normalized = await normalizedOf(options, network, other ?? teacher);
  try {
    const result = await tune({
      tf: backend.tf,
      spec: job.spec,
      teacher,
      student: normalized?.network ?? network,
      ...(other !== undefined && { other }),
      loader,
      samples: dataset.splits.train.count,
      ...(before !== undefined && { validation: { batches: pass(options, 'validation'), assembled: before } }),
      ...(normalized !== undefined && { scored: { model: network.model, update: normalized.fold } }),
      store,
      onStep: (at) => onProgress?.({ stage, ...at }),
      onEpoch: ({ epoch, loss, validation, diverged }) => {
        const accuracy = validation === undefined ? '' : `, validation ${(100 * accuracyOf(validation)).toFixed(2)} %`;
        const end = diverged === undefined ? '' : `; stopped: ${diverged}`;
        log(
          `${NAMES[stage]} epoch ${epoch} of ${epochs}: loss ${loss?.toPrecision(4) ?? 'not finite'}${accuracy}${end}`,
        );
      },
    });
    if (result.keptEpoch > 0) normalized?.fold();
    else normalized?.restore();
    return result;
  } finally {
    normalized?.dispose();
  }
}

/** The network as it is trained, where it is normalised for that: behind the layers that the other network does not have. */
async function normalizedOf(
  options: FinalizeOptions,
  network: Network,
  other: Pick<Network, 'graph'>,
): Promise<Normalized | undefined> {
  const { job, backend, loader, log } = options;
  const { fineTuning, dataset } = job.spec;
  if (fineTuning.batchNormalization !== 'Enabled' || fineTuning.epochs === 0) return undefined;
  const frozen = frozenLayers(network, other, fineTuning);
  const normalized = await normalizeForTraining(backend.tf, {
    network,
    chosen: (layer) => !other.graph.layers.has(layer) && !frozen.has(layer),
    batches: () => loader.batches({ split: 'train', batchSize: dataset.batchSize, atMost: IMAGES }),
  });
  if (normalized === undefined)
    log(
      'spec.fineTuning.batchNormalization changes nothing: each replaced convolution has a normalisation or no activation behind it, or is frozen',
    );
  return normalized;
}
