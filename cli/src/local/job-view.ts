import { join } from 'node:path';
import type { DistillationJob } from '@distillation/api/job';
import { LAYOUT } from '@distillation/api/layout';
import { type Decision, decide } from '@distillation/core/decide';
import { Ledger } from '@distillation/ledger/ledger';
import type { JobSummary } from '../present/job-summary.ts';
import { lastFailure, Observer } from './observer.ts';
import { observe, type ObservedJob } from './observe.ts';

/** A job on a volume as somebody sees it who has no part in it. Reads only. */
export interface JobView {
  readonly observed: ObservedJob;
  readonly decision: Decision;
  readonly summary: JobSummary;
  /** A student is there that an earlier version of the manifest asked for. */
  readonly olderStudent: boolean;
}

export interface JobViewOptions {
  readonly job: DistillationJob;
  /** Root of the volume. */
  readonly volume: string;
  /** The command that goes on with the job. */
  readonly resume: string;
  readonly log: (line: string) => void;
}

/** A function that looks at the job each time it is called, and remembers what it saw to tell the living from the dead. */
export function jobViewer({ job, volume, resume, log }: JobViewOptions): () => Promise<JobView> {
  const folder = join(volume, job.spec.outputs.path);
  const ledger = new Ledger({ folder, writer: 'observer', log });
  const observer = new Observer(ledger);
  return async () => {
    await observer.look();
    const observed = await observe(job, ledger, observer);
    const quietSeconds = observer.quietSeconds();
    const failure = await lastFailure(ledger);
    const summary: JobSummary = {
      working: workingOn(observed, observer),
      folder,
      resume,
      ...(isOnlyPlanned(observed, observer, failure) && { onlyPlanned: true }),
      ...(quietSeconds !== undefined && { quietSeconds }),
      ...(failure !== undefined && { failure }),
    };
    const olderStudent =
      observed.report === undefined && (await ledger.files.stat(ledger.path(LAYOUT.result))) !== undefined;
    return { observed, decision: decide(observed.jobState), summary, olderStudent };
  };
}

/** Whether all that there is of the job is its plan: nothing has lived since the planner, no block has begun. */
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
