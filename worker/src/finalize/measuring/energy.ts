import type { EpochRecord } from '@distillation/api/ledger';
import type { Report } from '@distillation/api/report';

/** Energy of the training only if every epoch on record was measured; a part would be taken for the whole. */
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
