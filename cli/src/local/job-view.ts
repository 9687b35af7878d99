import { join } from 'node:path';
import type { DistillationJob } from '@distillation/api/job';
import { canonicalJson } from '@distillation/api/canonical';
import { type Decision, decide } from '@distillation/core/decide';
import { Ledger } from '@distillation/ledger/ledger';
import type { JobSummary } from '../present/job-summary.ts';
import { lastFailure, Observer } from './observer.ts';
import { observe, type ObservedJob } from './observe.ts';
import { type StandingStudent, standingStudent } from './standing-student.ts';

/** A read-only view of a job on a volume, for observers outside of the run. */
export interface JobView {
  readonly observed: ObservedJob;
  readonly decision: Decision;
  readonly summary: JobSummary;
}

interface JobViewOptions {
  readonly job: DistillationJob;
  /** Root of the volume. */
  readonly volume: string;
  /** The command that resumes the job. */
  readonly resume: string;
  readonly log: (line: string) => void;
}

/** A function that observes the job at each call, and compares with earlier calls to find out which processes are alive. */
export function jobViewer({ job, volume, resume, log }: JobViewOptions): () => Promise<JobView> {
  const folder = join(volume, job.spec.outputs.path);
  const ledger = new Ledger({ folder, writer: 'observer', log });
  const observer = new Observer(ledger);
  return async () => {
    await observer.look();
    const seen = await observe(job, ledger, observer);
    const working = workingOn(seen, observer);
    const student = seen.report === undefined ? await standingStudent(job, ledger, seen.view.plan) : undefined;
    // Whoever works on it may be about to write plan or report again.
    const observed = student?.is === 'Asked' && working.length === 0 ? withResult(seen, student) : seen;
    const quietSeconds = observer.quietSeconds();
    const failure = (await isOtherJob(job, ledger)) ? undefined : await lastFailure(ledger);
    const summary: JobSummary = {
      working,
      folder,
      resume,
      ...(isOnlyPlanned(observed, observer, failure) && { onlyPlanned: true }),
      ...(quietSeconds !== undefined && { quietSeconds }),
      ...(failure !== undefined && { failure }),
      ...(student !== undefined && student.is !== 'Asked' && { former: student.is }),
      ...(student?.is === 'Asked' && working.length === 0 && student.lacksFiles && { lacksFiles: true }),
    };
    return { observed, decision: decide(observed.jobState), summary };
  };
}

/** Whether the last run was one of another manifest, whose errors say nothing of this one. Where it ran, and in how many bins, does not count. */
async function isOtherJob({ spec }: DistillationJob, ledger: Ledger): Promise<boolean> {
  const before = await ledger.readJob();
  const asked = (each: DistillationJob['spec']): string =>
    canonicalJson({ ...each, cluster: undefined, scheduling: undefined });
  return before !== undefined && asked(before.spec) !== asked(spec);
}

/** A job whose student is there is done, though its plan or its report has to be written again. */
const withResult = (
  { jobState, ...rest }: ObservedJob,
  { report, plan }: Extract<StandingStudent, { is: 'Asked' }>,
): ObservedJob => ({ ...rest, jobState: { ...jobState, plan, result: { outcome: report.outcome } }, report });

/** Whether the job has only been planned: no process has been alive since the planner, and no block has begun. */
function isOnlyPlanned({ jobState, view }: ObservedJob, observer: Observer, failure: JobSummary['failure']): boolean {
  const begun = view.blocks.some(({ history }) => history.length > 0) || observer.sawLifeAfter('planner');
  return jobState.plan !== undefined && !begun && failure === undefined;
}

function workingOn({ jobState, view }: ObservedJob, observer: Observer): string[] {
  const atWork = view.workers.filter(({ state }) => state !== 'Done' && state !== 'Failed').map(({ bin }) => bin);
  return [
    ...(jobState.plan === undefined ? ['planner'] : []),
    ...atWork.map((bin) => `bin-${bin}`),
    ...(jobState.result === undefined ? ['finalizer'] : []),
  ].filter((role) => observer.state(role).state === 'Running');
}
