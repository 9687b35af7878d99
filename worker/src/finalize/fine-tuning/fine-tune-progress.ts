import { percent } from '@distillation/api/format';
import { dataFile } from '@distillation/api/ledger';
import { amount, count, number, object, type Of, optional, word } from '@distillation/api/shape';
import type { Score } from '../select.ts';

/** One finished epoch of fine-tuning. Deterministic except for `seconds`. */
export type FineTuneRecord = Of<typeof fineTuneRecord>;
export const fineTuneRecord = object({
  /** 1-based; 0 stands for the student as assembled, which has no record. */
  epoch: count,
  /** Mean training loss over the epoch's steps; absent when it was not finite (JSON has no NaN). */
  loss: optional(number),
  /** Score on the validation split after the epoch; absent without labels or when training had already diverged. */
  validation: optional(object({ correct: count, total: count })),
  /** Why training stops here; absent unless it diverged. */
  diverged: optional(word),
  seconds: amount,
  /** Weights, moving averages and optimizer state; absent when training diverged. */
  checkpoint: optional(dataFile),
});

/** Mean seconds of an epoch, validation included; undefined before one is finished. */
export function meanSeconds(records: readonly FineTuneRecord[]): { readonly epochSeconds?: number } {
  if (records.length === 0) return {};
  return { epochSeconds: records.reduce((sum, { seconds }) => sum + seconds, 0) / records.length };
}

/**
 * The epoch that is kept: the latest of those that are as good on validation as the best of all, up to chance; 0 is the student as assembled,
 * which only a better epoch replaces. Rates fall from epoch to epoch, so of two that the images do not tell apart the later one is the
 * better bet. Up to chance means half a standard error of the best score. Without labels there are no scores, and it is the last epoch.
 */
export function bestEpoch(assembled: Score | undefined, records: readonly FineTuneRecord[]): number {
  const trained = records.filter(({ checkpoint }) => checkpoint !== undefined);
  if (assembled === undefined) return trained.at(-1)?.epoch ?? 0;
  const better = trained.flatMap(({ epoch, validation }) =>
    validation !== undefined && validation.correct > assembled.correct ? { epoch, ...validation } : [],
  );
  const best = better.reduce((most, { correct }) => Math.max(most, correct), 0);
  return better.findLast(({ correct, total }) => correct >= best - standardError(best, total) / 2)?.epoch ?? 0;
}

/** Of a number of right answers among so many. */
const standardError = (correct: number, total: number): number => Math.sqrt(correct * (1 - correct / total));

/**
 * Whether a student has fallen to the accuracy of guessing. Coarser than the rule for teachers (`guessing.ts`), since the question
 * is not what a network knows, but whether one that was better has lost it.
 */
function isAtChance({ correct, total }: Score, classes: number): boolean {
  const factor = classes === 2 ? 1.1 : 1.5;
  return classes > 1 && correct * classes < factor * total;
}

/**
 * Why training should stop after an epoch; undefined when it should continue. A student that falls back to guessing does not
 * recover: its ReLUs are dead or its weights have diverged.
 */
export function divergence(now: Score, best: Score, classes: number): string | undefined {
  if (!isAtChance(now, classes) || isAtChance(best, classes)) return undefined;
  const accuracy = ({ correct, total }: Score): string => percent(correct / total);
  return `validation accuracy fell from ${accuracy(best)} to ${accuracy(now)}, which is guessing`;
}
