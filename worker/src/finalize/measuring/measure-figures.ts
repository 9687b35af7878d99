import type { NetworkFigures, Report } from '@distillation/api/report';
import type { Network } from '../../teacher/graph/graph.ts';
import type { Control } from '../fine-tuning/fine-tune-networks.ts';
import type { FineTuneResult } from '../fine-tuning/fine-tune.ts';
import { meanSeconds } from '../fine-tuning/fine-tune-progress.ts';
import { accuracyOf } from '../report.ts';
import { batchesOf, labelled, type Run, scoreOn } from '../run.ts';
import type { Score } from '../select.ts';
import type { ModelFiles } from '../student/export.ts';
import { latencies, sizeOf } from './figures.ts';

interface Stages {
  readonly assembled: Network;
  readonly student: Network;
  /** Files of the student. */
  readonly files: ModelFiles;
  /** Validation scores of teacher and assembled student. */
  readonly before: readonly Score[] | undefined;
  readonly fineTuning: FineTuneResult | undefined;
  readonly control: Control | undefined;
}

interface Measured {
  readonly teacher: NetworkFigures;
  readonly student: NetworkFigures;
  readonly assembled: Report['assembled'];
  readonly control: Report['assembled'];
}

/**
 * Sizes, accuracies and latencies of the networks. The test split is read only here, once, after all decisions have
 * been made.
 */
export async function measureFigures(
  options: Run,
  { assembled, student, files, before, fineTuning, control }: Stages,
): Promise<Measured> {
  const { teacher, backend } = options;
  const steps = labelled(options) ? batchesOf(options, 'test') : 0;
  options.stages.begin('Evaluate', { ...(steps > 0 && { steps }), ...meanSeconds(fineTuning?.epochs ?? []) });
  const networks = [teacher, assembled, student, ...(control === undefined ? [] : [control.network])];
  const test = await scoreOn(options, { split: 'test', networks });
  const kept = (tuned: FineTuneResult | undefined): Score | undefined => tuned?.epochs[tuned.keptEpoch - 1]?.validation;
  const accuracies = (validation: Score | undefined, held: Score | undefined): Report['assembled'] => ({
    ...(validation !== undefined && { validationAccuracy: accuracyOf(validation) }),
    ...(held !== undefined && { testAccuracy: accuracyOf(held) }),
  });
  const sizes = { teacher: sizeOf(teacher, teacher.fileBytes), student: sizeOf(student, files.bytes) };
  const times = await latencies(backend, { teacher: teacher.model, student: student.model }, sizes.teacher.macs);
  return {
    teacher: { ...accuracies(before?.[0], test?.[0]), ...sizes.teacher, ...times.teacher },
    student: { ...accuracies(kept(fineTuning) ?? before?.[1], test?.[2]), ...sizes.student, ...times.student },
    assembled: accuracies(before?.[1], test?.[1]),
    control: accuracies(kept(control?.fineTuning) ?? before?.[0], test?.[3]),
  };
}
