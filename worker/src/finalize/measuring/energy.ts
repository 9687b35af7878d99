import type { EpochRecord } from '@distillation/api/ledger';
import type { Report } from '@distillation/api/report';

/** Of the training only when it was measured for every epoch on record: a part would pass for the whole. */
export function energyOf(records: readonly EpochRecord[], finalize: number | undefined): Pick<Report, 'energy'> {
  const measured = records.map(({ timing }) => timing.gpuJoules).filter((joules) => joules !== undefined);
  const whole = records.length > 0 && measured.length === records.length;
  if (!whole && finalize === undefined) return {};
  return {
    energy: {
      ...(whole && { trainingGpuJoules: measured.reduce((sum, joules) => sum + joules, 0) }),
      ...(finalize !== undefined && { finalizeGpuJoules: finalize }),
    },
  };
}
