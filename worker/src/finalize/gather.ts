import { DistillError } from '@distillation/api/errors';
import type { BlocksSpec } from '@distillation/api/job';
import type { EpochRecord } from '@distillation/api/ledger';
import type { BlockPlan, Plan } from '@distillation/api/plan';
import { plural } from '@distillation/api/format';
import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../backend/tf.ts';
import { exportBlock } from '../blocks/export.ts';
import { runBlock } from '../blocks/forward.ts';
import type { BlockStructure } from '../blocks/structure.ts';
import { buildBlock } from '../blocks/architectures.ts';
import { weightsFrom } from '../blocks/weights.ts';
import type { Replacement } from '../teacher/graph/rewrite/replace.ts';
import type { Weight } from '@distillation/ledger/tensors';
import { blockState } from '@distillation/ledger/block-state';
import type { Ledger } from '@distillation/ledger/ledger';
import type { TrainedBlock } from './measuring/measure.ts';

/** A planned block with what training has left of it on the volume. */
export interface GatheredBlock {
  readonly plan: BlockPlan;
  /** All epoch records of all attempts, in order. */
  readonly history: readonly EpochRecord[];
  /** Absent when training failed. */
  readonly trained?: {
    readonly structure: BlockStructure;
    /** Named within the block, such as `sep1/bias`. */
    readonly weights: readonly Weight[];
    /** Of the checkpoint that the weights come from. */
    readonly sha256: string;
  };
}

/**
 * Reads the records and the weights of every planned block, each once.
 *
 * @throws DistillError DISTILL_E_BLOCKS_INCOMPLETE naming the blocks that are not finished, or whose last checkpoint is damaged
 */
export async function gatherBlocks(ledger: Ledger, plan: Plan, spec: BlocksSpec): Promise<GatheredBlock[]> {
  const unfinished: string[] = [];
  const histories = new Map<string, EpochRecord[]>();
  for (const { name } of plan.blocks) {
    const history = await ledger.freshHistory(name);
    histories.set(name, history);
    const { state, epoch } = blockState(history);
    if (state === 'Pending') unfinished.push(`${name} (not begun)`);
    if (state === 'Training') unfinished.push(`${name} (${epoch} of ${plural(plan.epochs, 'epoch')})`);
  }
  refuse(unfinished, plan);
  const gathered: GatheredBlock[] = [];
  for (const block of plan.blocks) {
    const structure = buildBlock(block, spec);
    const checkpoint = await ledger.latest(block.name, histories.get(block.name));
    // Setting a damaged checkpoint aside may have turned a finished block into an unfinished one.
    const history = await ledger.knownHistory(block.name);
    const { state } = blockState(history);
    if (state === 'Failed') gathered.push({ plan: block, history });
    else if (state === 'Done' && checkpoint?.tensors !== undefined) {
      const weights = weightsFrom(checkpoint.tensors, structure);
      const sha256 = checkpoint.record.checkpoint?.sha256 ?? '';
      gathered.push({ plan: block, history, trained: { structure, weights, sha256 } });
    } else unfinished.push(`${block.name} (its last checkpoint is damaged)`);
  }
  refuse(unfinished, plan);
  return gathered;
}

function refuse(unfinished: readonly string[], plan: Plan): void {
  if (unfinished.length === 0) return;
  throw new DistillError(
    'DISTILL_E_BLOCKS_INCOMPLETE',
    `${unfinished.length} of ${plural(plan.blocks.length, 'block')} ${unfinished.length === 1 ? 'is' : 'are'} not finished: ${unfinished.join(', ')}.`,
  );
}

/** Why a block failed. */
export function failureOf({ history }: GatheredBlock): NonNullable<EpochRecord['failure']> {
  const known = history.findLast(({ failure }) => failure !== undefined)?.failure;
  return known ?? { code: 'DISTILL_E_INTERNAL', message: 'No epoch was finished.' };
}

/** The block on the device, ready to run in inference mode; `dispose` frees it. */
export function loadBlock(tf: Tf, { plan, trained }: GatheredBlock): (TrainedBlock & { dispose(): void }) | undefined {
  if (trained === undefined) return undefined;
  const weights = new Map<string, Tensor>(
    trained.weights.map(({ name, data, shape }) => [name, tf.tensor(data, [...shape], 'float32')]),
  );
  return {
    block: plan.name,
    layer: plan.layer.name,
    run: (x) => runBlock(tf, trained.structure, { x, weights, training: false }),
    dispose: () => {
      for (const tensor of weights.values()) tensor.dispose();
    },
  };
}

/** The selected blocks by layer, in the form that the assembly takes. */
export function replacementsOf(
  blocks: readonly GatheredBlock[],
  selected: ReadonlySet<string>,
): Map<string, Replacement> {
  return new Map(
    blocks.flatMap(({ plan, trained }): [string, Replacement][] =>
      trained === undefined || !selected.has(plan.name)
        ? []
        : [[plan.layer.name, { block: exportBlock(trained.structure), weights: trained.weights }]],
    ),
  );
}
