import type { DatasetSummary, Plan } from '@distillation/api/plan';
import { planKey, trainingRecipe } from '@distillation/api/recipe';
import { stepsPerEpoch } from '../data/order.ts';
import { requireCandidates } from '../teacher/candidates.ts';
import { modelCosts } from '../teacher/costs.ts';
import type { JobContext } from './context.ts';
import { planBlocks, type UncostedBlock } from './plan-blocks.ts';

/** Of a plan, what follows from job, teacher and data alone: the same whoever works it out. */

type Inputs = Pick<JobContext, 'spec' | 'teacher'>;

/**
 * The layers that become blocks and the convolutions that stay, in the order of the network.
 * @throws DISTILL_E_NO_CANDIDATE
 */
export function chooseLayers({ spec, teacher }: Inputs): { blocks: UncostedBlock[]; kept: Plan['kept'] } {
  const found = requireCandidates(teacher, spec.blocks);
  const { blocks, kept } = planBlocks(found.candidates, spec.blocks);
  return { blocks, kept: [...found.kept, ...kept].sort((a, b) => a.layer.depth - b.layer.depth) };
}

/** `trainingRecipe` of the job with this teacher and this data. */
export const recipeOf = ({ spec, teacher }: Inputs, data: DatasetSummary): string =>
  trainingRecipe(spec, { teacherSha256: teacher.sha256, datasetSha256: data.sha256 });

/** The plan with these costs. */
export function makePlan(
  context: Inputs & Pick<JobContext, 'signature'>,
  {
    validationAccuracy,
    ...rest
  }: Pick<Plan, 'blocks' | 'costUnit' | 'dataset' | 'kept'> &
    Partial<Pick<Plan, 'costSource'>> & { readonly validationAccuracy?: number },
): Plan {
  const { spec, signature, teacher } = context;
  const { sha256, format, outputs, inputShape, classes, params } = teacher;
  const { macs } = modelCosts(teacher);
  const summary = { sha256, format, outputs, inputShape, classes, params, macs };
  return {
    version: 1,
    recipe: recipeOf(context, rest.dataset),
    key: planKey(spec),
    teacher: validationAccuracy === undefined ? summary : { ...summary, validationAccuracy },
    stepsPerEpoch: stepsPerEpoch(rest.dataset.train, spec.dataset.batchSize),
    epochs: spec.training.epochs,
    costSource: spec.scheduling.costSource,
    backend: signature,
    ...rest,
  };
}
