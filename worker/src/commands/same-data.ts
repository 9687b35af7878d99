import { join } from 'node:path';
import type { DistillationJob } from '@distillation/api/job';
import type { Plan } from '@distillation/api/plan';
import { logHashing } from './data-lines.ts';
import { openHashStore } from '../data/identity/hash-store.ts';
import { changedSince } from '../data/identity/changed.ts';
import { openDataset } from '../data/open.ts';
import type { Ledger } from '@distillation/ledger/ledger';

interface PlannedJob {
  readonly job: DistillationJob;
  /** Root of the volume. */
  readonly volume: string;
  readonly ledger: Ledger;
  readonly plan: Plan;
  readonly log: (line: string) => void;
}

/**
 * Checks that the data on the volume are those of the plan there, so that the plan of other data is not shown. Nothing is written.
 * @throws DistillError DISTILL_E_DATASET_CHANGED naming a file; other errors of the data set
 */
export async function requireSameData({ job, volume, ledger, plan, log }: PlannedJob): Promise<void> {
  const { dataset } = job.spec;
  const { sha256, hashOf } = plan.dataset;
  // A plan of an earlier version has another kind of hash; there the workers check the data.
  if (hashOf === undefined) return;
  const { files } = ledger;
  const { inputShape, classes } = plan.teacher;
  const found = await openDataset(volume, dataset, {
    inputShape,
    classes,
    known: async () => {
      const store = await openHashStore({ files, volume, folder: join(volume, dataset.path), log });
      return { ...store, save: () => Promise.resolve() };
    },
    onProgress: logHashing(log),
  });
  if (found.summary.sha256 === sha256) return;
  throw changedSince(
    dataset.path,
    { record: await ledger.readDataHashes(), sha256 },
    { record: found.record, sha256: found.summary.sha256 },
  );
}
