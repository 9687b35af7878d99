import { openLoader } from '../data/loading/loader.ts';
import type { Split } from '../data/types.ts';
import { countAnswers } from '../finalize/measuring/evaluate.ts';
import { type Agreement, AgreementCount, judgeKnowledge, refuseGuessing } from '../finalize/measuring/guessing.ts';
import type { Monitor } from '../serve/monitor.ts';
import type { JobContext } from './context.ts';
import { requireExpected } from './planning/expected-accuracy.ts';
import { log } from '../process/log.ts';

/** Enough samples to tell a trained teacher from chance at any number of classes worth distilling. */
const CHECK_SAMPLES = 2000;

/**
 * Accuracy of the teacher on validation samples; undefined without samples or labels. It catches wrong preprocessing before
 * anything is trained. When there are too few validation samples to decide, training samples are used as well.
 *
 * @throws DistillError DISTILL_E_TEACHER_ACCURACY when the teacher only guesses; DISTILL_E_TEACHER_BELOW_EXPECTED when it is clearly
 * worse than the job says
 */
export async function checkTeacher(context: JobContext, monitor: Monitor): Promise<number | undefined> {
  const { spec, dataset, teacher, backend } = context;
  if (!dataset.summary.labelled) return undefined;
  const loader = openLoader({
    dataset,
    preprocessing: spec.teacher.preprocessing,
    threads: spec.dataset.loaderThreads,
    onBatch: monitor.batch,
  });
  const count = new AgreementCount();
  const agreementOn = async (split: Split, atMost: number): Promise<Agreement> => {
    const batches = loader.batches({ split, batchSize: spec.dataset.batchSize, atMost });
    await countAnswers(backend.tf, { model: teacher.model, count }, batches);
    return count.result;
  };
  try {
    const seen = await agreementOn('validation', CHECK_SAMPLES);
    const accuracy = seen.total === 0 ? undefined : seen.correct / seen.total;
    if (accuracy !== undefined) log(`the teacher gives the right class for ${found(seen)} validation samples`);
    refuseGuessing(seen, 'validation');
    requireExpected(spec.teacher.expectedAccuracy, seen);
    if (judgeKnowledge(seen) === 'Unclear') {
      const more = await agreementOn('train', CHECK_SAMPLES - seen.total);
      log(`these are too few to tell whether it guesses: with training samples ${found(more)}`);
      refuseGuessing(more, 'train');
    }
    return accuracy;
  } finally {
    await loader.close();
  }
}

const found = ({ correct, total }: Agreement): string => `${((100 * correct) / total).toFixed(2)} % of ${total}`;
