import { LAYOUT } from '@distillation/api/layout';
import { among, amount, count, object, type Of, optional, orNull, word } from '@distillation/api/shape';
import { readerOf } from '@distillation/api/reading';
import type { Tf } from '../../backend/tf.ts';
import type { Split } from '../../data/types.ts';
import type { Teacher } from '../../teacher/load.ts';
import type { Ledger } from '@distillation/ledger/ledger';
import type { OpenBatches } from './batches.ts';
import { type GatheredBlock, loadBlock } from '../gather.ts';
import { type Measurement, type Measurements, measureBlocks } from './measure.ts';
import { type Agreement, refuseGuessing } from './guessing.ts';

/**
 * A block's score on the volume, with the hash of the weights it was measured with and the teacher's score in the same pass. Scores are
 * absent without labels.
 */
type MeasurementRecord = Of<typeof measurementRecord>;
const score = object({ correct: count, total: count });
const measurementRecord = object({
  block: word,
  weightsSha256: word,
  split: among('train', 'validation', 'test'),
  score: optional(score),
  /**
   * Missing in a record of an earlier version, which is therefore measured again: it costs one pass. Null where the network computed
   * numbers that are not finite.
   */
  divergence: orNull(amount),
  /** Chance is missing in a record of an earlier version, which is therefore measured again. */
  teacher: optional(object({ correct: count, total: count, chance: amount, labels: count, answers: count })),
});
const readMeasurement = readerOf(measurementRecord);

interface MeasureOptions {
  readonly tf: Tf;
  readonly ledger: Ledger;
  readonly teacher: Teacher;
  readonly labelled: boolean;
  readonly blocks: readonly GatheredBlock[];
  /** The split by which blocks are selected, and a pass over it. */
  readonly split: Split;
  readonly batches: OpenBatches;
}

/**
 * Scores of the teacher and of each trained block alone inside it. Scores on the volume for the same weights are reused;
 * the others are measured in one pass.
 *
 * @throws DistillError DISTILL_E_TEACHER_ACCURACY when the teacher only guesses
 */
export async function measureOnce(options: MeasureOptions): Promise<Measurements> {
  const { tf, ledger, teacher, labelled, blocks, split, batches } = options;
  const measurements = new Map<string, Measurement>();
  const missing: GatheredBlock[] = [];
  let teacherScore: Agreement | undefined;
  for (const block of blocks) {
    if (block.trained === undefined) continue;
    const { name } = block.plan;
    const record = await ledger.readAs(LAYOUT.measurement(name), readMeasurement);
    const fits = record?.weightsSha256 === block.trained.sha256 && record.split === split;
    if (fits && labelled === (record.score !== undefined && record.teacher !== undefined)) {
      measurements.set(name, { ...(record.score && { score: record.score }), divergence: record.divergence ?? NaN });
      teacherScore = record.teacher;
    } else missing.push(block);
  }
  if (missing.length > 0 || (labelled && teacherScore === undefined)) {
    const loaded = missing.flatMap((block) => loadBlock(tf, block) ?? []);
    try {
      const { outputs } = teacher;
      const measured = await measureBlocks(tf, { teacher, outputs, labelled, blocks: loaded }, batches());
      teacherScore = measured.teacher;
      for (const [name, measurement] of measured.blocks) measurements.set(name, measurement);
    } finally {
      for (const block of loaded) block.dispose();
    }
  }
  if (teacherScore !== undefined) refuseGuessing(teacherScore, split);
  for (const { plan, trained } of missing) {
    const measurement = measurements.get(plan.name);
    if (measurement === undefined || trained === undefined) continue;
    const record: MeasurementRecord = {
      block: plan.name,
      weightsSha256: trained.sha256,
      split,
      ...measurement,
      divergence: Number.isFinite(measurement.divergence) ? measurement.divergence : null,
      ...(teacherScore !== undefined && { teacher: teacherScore }),
    };
    await ledger.writeJson(LAYOUT.measurement(plan.name), record);
  }
  return { ...(teacherScore !== undefined && { teacher: teacherScore }), blocks: measurements };
}
