import type { NetworkFigures, Report } from '@distillation/api/report';
import type { Network } from '../../teacher/graph/graph.ts';
import type { Control } from '../fine-tuning/fine-tune-networks.ts';
import type { FineTuneResult } from '../fine-tuning/fine-tune.ts';
import { meanSeconds } from '../fine-tuning/fine-tune-progress.ts';
import { accuracyOf } from '../report.ts';
import { batchesOf, labelled, type Run, scoreOn } from '../run.ts';
import type { Score } from '../select.ts';
import { modelBytes, type ModelFiles } from '../student/export.ts';
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
  // What no epoch of fine-tuning has made better is the network that it was before, and need not be scored twice.
  const tuned = (fineTuning?.keptEpoch ?? 0) > 0 ? student : assembled;
  const tunedTeacher = control !== undefined && control.fineTuning.keptEpoch > 0 ? control.network : teacher;
  const networks = [...new Set<Network>([teacher, assembled, tuned, tunedTeacher])];
  const test = await scoreOn(options, { split: 'test', networks });
  const held = (network: Network): Score | undefined => test?.[networks.indexOf(network)];
  const kept = (tuned: FineTuneResult | undefined): Score | undefined => tuned?.epochs[tuned.keptEpoch - 1]?.validation;
  const accuracies = (validation: Score | undefined, score: Score | undefined): Report['assembled'] => ({
    ...(validation !== undefined && { validationAccuracy: accuracyOf(validation) }),
    ...(score !== undefined && { testAccuracy: accuracyOf(score) }),
  });
  const ofTeacher = sizeOf(teacher, modelBytes(teacher));
  // What its file tells beside the layers does not make a teacher that is unchanged a larger network.
  const sizes = { teacher: ofTeacher, student: student === teacher ? ofTeacher : sizeOf(student, files.bytes) };
  const times = await latencies(backend, { teacher: teacher.model, student: student.model }, sizes.teacher.macs);
  return {
    teacher: { ...accuracies(before?.[0], held(teacher)), ...sizes.teacher, ...times.teacher },
    student: { ...accuracies(kept(fineTuning) ?? before?.[1], held(tuned)), ...sizes.student, ...times.student },
    assembled: accuracies(before?.[1], held(assembled)),
    control: accuracies(kept(control?.fineTuning) ?? before?.[0], held(tunedTeacher)),
  };
}
