import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ERRORS } from '@distillation/api/errors';
import type { DistillationJob } from '@distillation/api/job';
import { sentences } from '@distillation/api/sentences';
import { duration } from '@distillation/api/format';
import type { JobView } from '../local/job-view.ts';
import { advice, type Check, ok, problem } from '../present/check.ts';
import { formerStudentLine, LACKS_FILES } from '../present/job-summary.ts';

/** Checks of one job: whether its inputs exist, and what stopped it. */

/** Whether teacher and data set exist where the manifest says. */
export async function checkInputs({ spec }: DistillationJob, volume: string): Promise<Check[]> {
  const inputs = [
    ['teacher', spec.teacher.path, ERRORS.DISTILL_E_TEACHER_MISSING.fix],
    ['data set', spec.dataset.path, ERRORS.DISTILL_E_DATASET_MISSING.fix],
  ] as const;
  return Promise.all(
    inputs.map(async ([name, path, fix]) => {
      const place = join(volume, path);
      const there = await stat(place).catch(() => undefined);
      return there === undefined ? problem(name, `there is no ${place}`, fix) : ok(name, place);
    }),
  );
}

/** Warns of patterns in the spec that match nothing; empty before there is a plan. */
export function judgePlan({ jobState }: Pick<JobView['observed'], 'jobState'>): Check[] {
  const unmatched = jobState.plan?.unmatched;
  const remedy = 'Correct the pattern in the manifest, or leave it out.';
  return unmatched === undefined ? [] : [advice('plan', sentences(...unmatched), remedy)];
}

/** That the student in the job's folder is of another version of the manifest. */
export function judgeFormer({ summary: { former, folder } }: Pick<JobView, 'summary'>): Check[] {
  const remedy = 'To keep it, give what the manifest now asks for another spec.outputs.path.';
  return former === 'OfOtherManifest' ? [advice('result', formerStudentLine(folder, former), remedy)] : [];
}

/** The state of the job, and the error that stopped it, with what to do. */
export function judgeJob({ observed, decision, summary }: Pick<JobView, 'observed' | 'decision' | 'summary'>): Check {
  const { working, quietSeconds, failure, onlyPlanned, folder, resume, former } = summary;
  const { cause } = decision;
  if (observed.report !== undefined && cause !== undefined) return problem('job', cause.message, cause.fix ?? resume);
  if (observed.report !== undefined && summary.lacksFiles === true) return advice('job', LACKS_FILES, resume);
  if (observed.report !== undefined) return ok('job', 'finished');
  if (working.length === 0 && former === 'OfOtherBlocks')
    return problem('job', formerStudentLine(folder, former), ERRORS.DISTILL_E_VOLUME_OTHER_JOB.fix);
  if (working.length > 0) return ok('job', `${decision.stage.toLowerCase()}: ${working.join(', ')}`);
  if (onlyPlanned) return ok('job', `planned, not begun; ${resume} starts it`);
  if (quietSeconds === undefined) return ok('job', `not started in ${folder}; ${resume} starts it`);
  const since = `nothing has worked on it for ${duration(quietSeconds)}`;
  if (failure?.code === 'DISTILL_E_STOPPED') return advice('job', 'stopped before it was finished', resume);
  if (failure === undefined) return problem('job', `not finished, and ${since}`, resume);
  const { role, code, message, fix, logFile } = failure;
  // A defect is still there when it has been reported.
  const next = code === 'DISTILL_E_INTERNAL' ? 'To try again' : 'Then';
  return problem('job', `${role} ended with ${code}: ${message} (log: ${logFile})`, `${fix} ${next}: ${resume}`);
}
