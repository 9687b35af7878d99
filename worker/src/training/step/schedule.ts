import { readDecimal } from '@distillation/api/decimal';
import { internalError } from '@distillation/api/errors';
import type { ScheduleSpec } from '@distillation/api/job';

/**
 * Learning rate at a step.
 * @param step 0-based, counted over all epochs.
 * @param totalSteps steps of all epochs: where `Cosine` reaches zero.
 */
export function learningRate(
  peak: number,
  schedule: ScheduleSpec,
  { step, totalSteps }: { step: number; totalSteps: number },
): number {
  const { warmupSteps } = schedule;
  if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps;
  const done = step - warmupSteps;
  const span = Math.max(1, totalSteps - warmupSteps);
  switch (schedule.type) {
    case 'Constant':
      return peak;
    case 'Cosine':
      return peak * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done / span)));
    case 'Exponential': {
      const { decayRate, decaySteps } = schedule;
      if (decayRate === undefined || decaySteps === undefined) {
        throw internalError('An exponential schedule was admitted without decayRate or decaySteps.');
      }
      return peak * Math.pow(readDecimal(decayRate), Math.floor(done / decaySteps));
    }
  }
}
