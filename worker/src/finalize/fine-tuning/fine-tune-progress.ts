import { dataFile } from '@distillation/api/ledger';
import { amount, count, number, object, type Of, optional, word } from '@distillation/api/shape';
import type { Score } from '../select.ts';

/** One finished epoch of fine-tuning. Deterministic but for `seconds`. */
export type FineTuneRecord = Of<typeof fineTuneRecord>;
export const fineTuneRecord = object({
  /** 1-based; 0 is the student as assembled and has no record. */
  epoch: count,
  /** Mean training loss over the epoch's steps; absent when it was not finite (JSON has no NaN). */
  loss: optional(number),
  /** Score on the validation split after the epoch; absent without labels and when training had already diverged. */
  validation: optional(object({ correct: count, total: count })),
  /** What was seen, when training stops here. */
  diverged: optional(word),
  seconds: amount,
  /** Weights, moving averages and optimizer state; absent when training diverged. */
  checkpoint: optional(dataFile),
});

/** How long an epoch takes, validation included; nothing before one is finished. */
export function meanSeconds(records: readonly FineTuneRecord[]): { readonly epochSeconds?: number } {
  if (records.length === 0) return {};
  return { epochSeconds: records.reduce((sum, { seconds }) => sum + seconds, 0) / records.length };
}

/**
 * The epoch with the best validation score, the earlier of equals; 0 is the student as assembled. Without labels, where there
 * is no score, the last one.
 */
export function bestEpoch(assembled: Score | undefined, records: readonly FineTuneRecord[]): number {
  let best = { epoch: 0, correct: assembled?.correct ?? 0 };
  for (const { epoch, validation, checkpoint } of records) {
    if (checkpoint === undefined) continue;
    if (assembled === undefined) best = { epoch, correct: 0 };
    else if (validation !== undefined && validation.correct > best.correct)
      best = { epoch, correct: validation.correct };
  }
  return best.epoch;
}

/**
 * Whether a student has fallen to what guessing gives. Coarser than the judgement on teachers (`guessing.ts`): what is asked is not
 * what a network knows, but whether one that knew something has lost it.
 */
function isAtChance({ correct, total }: Score, classes: number): boolean {
  const factor = classes === 2 ? 1.1 : 1.5;
  return classes > 1 && correct * classes < factor * total;
}

/**
 * Why training should stop after an epoch, or undefined. A student that guesses after having known better does not recover:
 * its ReLUs are dead or its weights have run away.
 */
export function divergence(now: Score, best: Score, classes: number): string | undefined {
  if (!isAtChance(now, classes) || isAtChance(best, classes)) return undefined;
  const percent = ({ correct, total }: Score): string => `${((100 * correct) / total).toFixed(2)} %`;
  return `validation accuracy fell from ${percent(best)} to ${percent(now)}, which is guessing`;
}
