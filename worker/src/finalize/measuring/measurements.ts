import { LAYOUT } from '@distillation/api/layout';
import { among, amount, count, object, type Of, word } from '@distillation/api/shape';
import { readerOf } from '@distillation/api/reading';
import type { Tf } from '../../backend/tf.ts';
import type { Split } from '../../data/types.ts';
import type { Teacher } from '../../teacher/load.ts';
import type { Ledger } from '@distillation/ledger/ledger';
import type { OpenBatches } from './batches.ts';
import { type GatheredBlock, loadBlock } from '../gather.ts';
import { type Measurements, measureBlocks } from './measure.ts';
import { type Agreement, refuseGuessing } from './guessing.ts';
import type { Score } from '../select.ts';

/** A block's score on the volume, with the hash of the weights it was measured with and the teacher's score in the same pass. */
type MeasurementRecord = Of<typeof measurementRecord>;
const score = { correct: count, total: count } as const;
const measurementRecord = object({
  block: word,
  weightsSha256: word,
  split: among('train', 'validation', 'test'),
  score: object(score),
  /** Chance is missing in a record of an earlier version, which is therefore measured again. */
  teacher: object({ ...score, chance: amount, labels: count, answers: count }),
});
const readMeasurement = readerOf(measurementRecord);

interface MeasureOptions {
  readonly tf: Tf;
  readonly ledger: Ledger;
  readonly teacher: Teacher;
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
  const { tf, ledger, teacher, blocks, split, batches } = options;
  const scores = new Map<string, Score>();
  const missing: GatheredBlock[] = [];
  let teacherScore: Agreement | undefined;
  for (const block of blocks) {
    if (block.trained === undefined) continue;
    const { name } = block.plan;
    const record = await ledger.readAs(LAYOUT.measurement(name), readMeasurement);
    if (record?.weightsSha256 === block.trained.sha256 && record.split === split) {
      scores.set(name, record.score);
      teacherScore = record.teacher;
    } else missing.push(block);
  }
  if (missing.length > 0 || teacherScore === undefined) {
    const loaded = missing.flatMap((block) => loadBlock(tf, block) ?? []);
    try {
      const measured = await measureBlocks(tf, { teacher, blocks: loaded }, batches());
      teacherScore = measured.teacher;
      for (const [name, score] of measured.blocks) scores.set(name, score);
    } finally {
      for (const block of loaded) block.dispose();
    }
  }
  refuseGuessing(teacherScore, split);
  for (const { plan, trained } of missing) {
    const score = scores.get(plan.name);
    if (score === undefined || trained === undefined) continue;
    const record: MeasurementRecord = {
      block: plan.name,
      weightsSha256: trained.sha256,
      split,
      score,
      teacher: teacherScore,
    };
    await ledger.writeJson(LAYOUT.measurement(plan.name), record);
  }
  return { teacher: teacherScore, blocks: scores };
}
