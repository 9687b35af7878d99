import { controlRecipe, plannedInputs, tuningRecipe } from '@distillation/api/recipe';
import { type Network } from '../../teacher/graph/graph.ts';
import { builtLayer } from '../../teacher/graph/names.ts';
import { normalizable } from '../../teacher/graph/rewrite/normalize.ts';
import { assembleStudent, studentParts } from '../../teacher/graph/rewrite/replace.ts';
import { accuracyOf } from '../report.ts';
import { type FinalizeOptions, pass } from '../run.ts';
import type { Score } from '../select.ts';
import { IMAGES } from '../../training/start/moments.ts';
import { modelFiles } from '../student/export.ts';
import type { FineTuneResult, FineTuneStore } from './fine-tune.ts';
import { CONTROL_EPOCHS, ledgerStore } from './fine-tune-store.ts';
import { normalizeForTraining } from './normalized.ts';
import { frozenLayers, tune } from './tune.ts';

/** Fine-tunes the networks of a job, with its progress told and its epochs on the volume. */

/** @param assembled the student's validation score before; absent without labels */
export function fineTuneStudent(
  options: FinalizeOptions,
  student: Network,
  assembled: Score | undefined,
): Promise<FineTuneResult> {
  const { job, plan, ledger, teacher } = options;
  const start = `${tuningRecipe(job.spec, plannedInputs(plan))} ${modelFiles(student).sha256}`;
  const frozen = frozenLayers(student, teacher, job.spec.fineTuning);
  return fineTuneNetwork(options, {
    network: student,
    normalized: normalizedLayers(options, student, (layer) => !teacher.graph.layers.has(layer) && !frozen.has(layer)),
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
    // Whatever could be replaced, not only what the budget of this time has replaced: with another budget the control stays.
    const candidates = new Set(plan.blocks.map(({ layer }) => layer.name));
    const normalized = normalizedLayers(options, teacher, (layer) => candidates.has(layer) && !frozen.has(layer));
    const recipe = controlRecipe(job.spec, plannedInputs(plan));
    const start = [recipe, ...trained, ...(normalized.length > 0 ? ['normalized', ...normalized] : [])].join(' ');
    const result = await fineTuneNetwork(options, {
      network,
      normalized,
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
  /** The layers that are normalised while it is trained. */
  readonly normalized: readonly string[];
  readonly other?: Network;
  readonly before: Score | undefined;
  readonly store: FineTuneStore;
  readonly stage: keyof typeof NAMES;
}

const NAMES = { FineTune: 'fine-tuning', Control: 'fine-tuning of the control,' } as const;

async function fineTuneNetwork(
  options: FinalizeOptions,
  { network, normalized: layers, other, before, store, stage }: Tuned,
): Promise<FineTuneResult> {
  const { job, backend, teacher, loader, dataset, log, onProgress } = options;
  const { epochs } = job.spec.fineTuning;
  const normalized = await normalizeForTraining(backend.tf, {
    network,
    layers,
    batches: () => loader.batches({ split: 'train', batchSize: job.spec.dataset.batchSize, atMost: IMAGES }),
  });
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

/** Of these layers those that are normalised while a network is trained: none where the job does not ask for that. */
function normalizedLayers(
  { job, log }: FinalizeOptions,
  network: Network,
  chosen: (layer: string) => boolean,
): readonly string[] {
  const { batchNormalization, epochs } = job.spec.fineTuning;
  if (batchNormalization !== 'Enabled' || epochs === 0) return [];
  const layers = normalizable(network.graph).filter(chosen);
  if (layers.length === 0)
    log('no batch normalisation is added: each replaced convolution has one or no activation behind it, or is frozen');
  return layers;
}
