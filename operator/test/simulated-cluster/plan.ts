import { planKey } from '@distillation/api/recipe';
import type { PlanSummary } from '@distillation/api/termination';
import type { DistillationJobObject } from '../../src/objects/snapshot.ts';

/** The plan of every simulated job: five small blocks. */

export const NAMES = ['a', 'b', 'c', 'd', 'e'];
export const EPOCHS = 2;

export const planFor = (job: DistillationJobObject): PlanSummary => ({
  version: 1,
  key: planKey(job.spec),
  recipe: 'recipe',
  epochs: EPOCHS,
  stepsPerEpoch: 10,
  costUnit: 'MAC',
  costSource: job.spec.scheduling.costSource,
  samples: { train: 100, validation: 10, test: 10 },
  teacher: { sha256: 'teacher', params: 1000, macs: 5000, validationAccuracy: 0.78 },
  datasetSha256: 'data',
  kept: 1,
  blocks: NAMES.map((name, i) => ({ name, cost: { prefix: 10 * i, own: 10 } })),
});
