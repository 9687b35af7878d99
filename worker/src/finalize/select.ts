import { DEPENDENT_DEFAULTS } from '@distillation/api/dependent-defaults';
import { DistillError, internalError } from '@distillation/api/errors';
import type { SelectionSpec } from '@distillation/api/job';
import type { BlockPlan } from '@distillation/api/plan';
import { percent, plural } from '@distillation/api/format';
import { exactDecimal } from '@distillation/api/shares';

/**
 * Decides which trained blocks enter the student. It counts correct samples: floating-point fractions would sometimes move the
 * threshold by a sample, and the same job must select the same blocks everywhere.
 */

/** How many of how many samples were classified correctly. */
export interface Score {
  readonly correct: number;
  readonly total: number;
}

/** What the finalizer knows of a block: its score alone inside the teacher (absent without labels), or why it was not trained. */
export type BlockScore =
  | { readonly block: string; readonly score?: Score; readonly divergence?: number }
  | { readonly block: string; readonly failure: string };

export interface Threshold {
  /** Smallest number of correct samples with which a block is kept. */
  readonly correct: number;
  /** The same as a fraction between 0 and 1. */
  readonly accuracy: number;
  /** The rule in words, with the number of samples where rounding to whole samples changes the accuracy. */
  readonly rule: string;
}

export interface BlockVerdict {
  readonly block: string;
  /** Absent when the block was not measured. */
  readonly accuracy?: number;
  /** Nats; absent when it was not measured or is not finite. */
  readonly divergence?: number;
  readonly selected: boolean;
  /** Why, in words. */
  readonly reason: string;
}

/** Samples to select by; checked before anything is trained. @throws DistillError DISTILL_E_DATASET_EMPTY when there is none */
export function requireSamples({ rule, split }: SelectionSpec, samples: number): void {
  if (rule === 'AllTrained' || samples > 0) return;
  throw new DistillError(
    'DISTILL_E_DATASET_EMPTY',
    `The ${split.toLowerCase()} split has no sample to select blocks by.`,
    {
      subject: 'spec.selection',
      fix: 'Raise spec.dataset.validation.fraction, give a validation split, or write `split: Train` in spec.selection.',
    },
  );
}

/**
 * The number of correct samples that the rule requires; undefined for a rule that requires none. A drop is counted from the
 * teacher's score on the same samples.
 *
 * @throws DistillError DISTILL_E_MANIFEST_INVALID when both rules are given, DISTILL_E_DATASET_EMPTY when there is no sample
 */
export function threshold(spec: SelectionSpec, teacher: Score): Threshold | undefined {
  if (spec.rule !== 'Accuracy') return undefined;
  requireSamples(spec, teacher.total);
  const total = BigInt(teacher.total);
  if (spec.minAccuracy !== undefined) {
    if (spec.maxAccuracyDrop !== undefined) {
      throw new DistillError(
        'DISTILL_E_MANIFEST_INVALID',
        `Both maxAccuracyDrop (${spec.maxAccuracyDrop}) and minAccuracy (${spec.minAccuracy}) are given: they exclude each other.`,
        { subject: 'spec.selection' },
      );
    }
    const { numerator, denominator } = exactDecimal(spec.minAccuracy);
    const correct = Number((numerator * total + denominator - 1n) / denominator);
    const least = Number(spec.minAccuracy);
    const exact = (numerator * total) % denominator === 0n;
    return {
      correct,
      accuracy: correct / teacher.total,
      rule: `accuracy of at least ${percent(least)}${exact ? '' : inWhole({ ...teacher, correct }, least, spec)}`,
    };
  }
  const drop = spec.maxAccuracyDrop ?? DEPENDENT_DEFAULTS.maxAccuracyDrop;
  const { numerator, denominator } = exactDecimal(drop);
  const correct = Math.max(0, teacher.correct - Number((numerator * total) / denominator));
  const least = Math.max(0, teacher.correct / teacher.total - Number(drop));
  const exact = (numerator * total) % denominator === 0n;
  const rule = `at most ${points(Number(drop))} below the teacher's ${percent(teacher.correct / teacher.total)}`;
  return {
    correct,
    accuracy: correct / teacher.total,
    rule: `${rule}${exact ? '' : inWhole({ ...teacher, correct }, least, spec)}`,
  };
}

/** States the rule in whole samples when rounding changes the accuracy: with 45 images, no number of them is two points. */
function inWhole({ correct, total }: Score, least: number, { split }: SelectionSpec): string {
  if (percent(correct / total) === percent(least)) return '';
  return `, that is ${correct} of ${plural(total, `${NAMES[split]} image`)}`;
}

const NAMES = { Train: 'training', Validation: 'validation' } as const;

/** What was measured of a block, as its verdict has it. */
export function measuredOf(entry: BlockScore): Pick<BlockVerdict, 'accuracy' | 'divergence'> {
  if ('failure' in entry) return {};
  const { score, divergence } = entry;
  return {
    ...(score !== undefined && { accuracy: score.correct / score.total }),
    ...(divergence !== undefined && Number.isFinite(divergence) && { divergence }),
  };
}

/** "97.10 % alone in the teacher"; undefined without a score. */
export const alone = (score: Score | undefined): string | undefined =>
  score === undefined ? undefined : `${percent(score.correct / score.total)} alone in the teacher`;

/**
 * The decision on each block, in the given order. Without a threshold (rule `AllTrained`) every trained block is kept.
 *
 * @throws DistillError DISTILL_E_INTERNAL when there is a threshold and a trained block has no score
 */
export function selectBlocks(blocks: readonly BlockScore[], limit: Threshold | undefined): BlockVerdict[] {
  return blocks.map((entry) => {
    if ('failure' in entry) return { block: entry.block, selected: false, reason: `not trained: ${entry.failure}` };
    const { block, score } = entry;
    const words = alone(score);
    const measured = measuredOf(entry);
    if (limit === undefined) {
      const reason = `every trained block is kept${words === undefined ? '' : `: ${words}`}`;
      return { block, ...measured, selected: true, reason };
    }
    if (score === undefined || words === undefined) {
      throw internalError(`Block ${block} was not scored.`);
    }
    const selected = score.correct >= limit.correct;
    const distance = Math.abs(score.correct - limit.correct);
    const margin = `${distance} of ${plural(score.total, 'image')} ${selected ? 'above' : 'below'} the threshold`;
    const where = distance === 0 ? 'exactly at the threshold' : margin;
    return { block, ...measured, selected, reason: `${words}, ${where} (${limit.rule})` };
  });
}

/**
 * Keeps one block a layer, of those that are good enough the one with the fewest multiply-accumulates (then the fewest weights, then the
 * first in the manifest).
 * @param blocks all planned blocks, which the verdicts are about
 */
export function oneEachLayer(
  verdicts: readonly BlockVerdict[],
  blocks: readonly Pick<BlockPlan, 'name' | 'layer' | 'macs' | 'params'>[],
): BlockVerdict[] {
  const planned = new Map(blocks.map((block) => [block.name, block]));
  const cheapest = new Map<string, (typeof blocks)[number]>();
  for (const { block, selected } of verdicts) {
    const own = planned.get(block);
    if (!selected || own === undefined) continue;
    const best = cheapest.get(own.layer.name);
    const cheaper = best === undefined || own.macs < best.macs || (own.macs === best.macs && own.params < best.params);
    if (cheaper) cheapest.set(own.layer.name, own);
  }
  return verdicts.map((verdict) => {
    const best = cheapest.get(planned.get(verdict.block)?.layer.name ?? '');
    if (!verdict.selected || best === undefined || best.name === verdict.block) return verdict;
    return { ...verdict, selected: false, reason: `${verdict.reason}; ${best.name} costs less and is good enough too` };
  });
}

const points = (fraction: number): string => {
  const value = Number((100 * fraction).toFixed(4));
  return value === 1 ? '1 point' : `${value} points`;
};
