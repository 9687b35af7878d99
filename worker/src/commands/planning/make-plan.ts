import type { DatasetSummary, Plan } from '@distillation/api/plan';
import type { Costs } from '@distillation/core/costs';
import { planKey, trainingRecipe } from '@distillation/api/recipe';
import { unmatchedFreeze, unmatchedPatterns } from '@distillation/api/unmatched';
import { exportBlock } from '../../blocks/export.ts';
import { buildBlock } from '../../blocks/architectures.ts';
import { stepsPerEpoch } from '../../data/order.ts';
import { requireCandidates } from '../../teacher/graph/candidates.ts';
import { modelCosts } from '../../teacher/graph/costs.ts';
import type { Teacher } from '../../teacher/load.ts';
import { studentLayerName } from '../../teacher/graph/rewrite/replace.ts';
import type { JobContext } from '../context.ts';
import { planBlocks, type UncostedBlock } from './plan-blocks.ts';

/** What the plan is made from apart from costs: job, teacher and data, so that everyone derives the same. */

type Inputs = Pick<JobContext, 'spec' | 'teacher'>;

/**
 * The layers that become blocks and those that stay, in the order of the network.
 * @throws DISTILL_E_NO_CANDIDATE
 */
export function chooseLayers({
  spec,
  teacher,
}: Inputs): Pick<Plan, 'kept' | 'untrained'> & { blocks: UncostedBlock[]; estimates: Costs } {
  const found = requireCandidates(teacher, spec.blocks);
  const { blocks, kept, untrained, estimates } = planBlocks(found.candidates, spec.blocks);
  return {
    blocks,
    estimates,
    kept: [...found.kept, ...kept].sort((a, b) => a.layer.depth - b.layer.depth),
    ...(untrained.length > 0 && { untrained }),
  };
}

/** The patterns of the job that have no effect on its plan. */
const unmatchedIn = ({ blocks: patterns }: JobContext['spec'], { blocks, kept }: Pick<Plan, 'blocks' | 'kept'>) =>
  unmatchedPatterns(patterns, {
    blocks: [...new Set(blocks.map(({ layer }) => layer.name))],
    kept: kept.map(({ layer, reason }) => ({ name: layer.name, reason })),
  });

/**
 * The patterns of fine-tuning that match no layer that the student can have. They are not part of the plan, since fine-tuning may
 * be changed without a new plan.
 */
export function unmatchedInFreeze(
  { spec, teacher }: Pick<JobContext, 'spec'> & { readonly teacher: Pick<Teacher, 'graph'> },
  { blocks }: Pick<Plan, 'blocks'>,
): string[] {
  const { epochs, freeze } = spec.fineTuning;
  const parts = blocks.flatMap((block) =>
    exportBlock(buildBlock(block, spec.blocks)).nodes.map((node) => studentLayerName(block.layer.name, node.name)),
  );
  return epochs === 0 ? [] : unmatchedFreeze(freeze, [...teacher.graph.layers.keys(), ...parts]);
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
  }: Pick<Plan, 'blocks' | 'costUnit' | 'dataset' | 'kept' | 'untrained'> &
    Partial<Pick<Plan, 'costSource'>> & { readonly validationAccuracy?: number },
): Plan {
  const { spec, signature, teacher } = context;
  const { sha256, format, outputs, inputShape, classes, params } = teacher;
  const { macs } = modelCosts(teacher);
  const unmatched = unmatchedIn(spec, rest);
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
    ...(unmatched.length > 0 && { unmatched }),
    ...rest,
  };
}
