import { DistillError, EXIT } from '@distillation/api/errors';
import { isApiError } from '@distillation/kube/api-error';
import { Reflector } from '@distillation/kube/reflector';
import type { WriteStream } from 'node:tty';
import { interruption } from '../interruption.ts';
import { complain } from '../present/complain.ts';
import { liveScreen } from '../present/live/live-screen.ts';
import type { ClusterAccess } from './access.ts';
import { attempt } from './api-errors.ts';
import { type JobObject, JOBS_OF_OURS } from './jobs.ts';
import { verdictNow } from './status/job-table.ts';
import { failureOf, formerStudentLine, named, resultLines } from './status/result.ts';
import { clusterView } from './status/view.ts';

/** How often the view is drawn without news, for the time it shows. */
const REDRAW_MS = 5000;
/** Two failures within this time are no single broken connection. */
const LASTING_MS = 30_000;

/** The last state of a job that was followed. */
type Ending = { readonly type: 'Over'; readonly job: JobObject } | { readonly type: 'Deleted' | 'Interrupted' };

/**
 * Follows a job to its end, through lost connections and expired watches, and shows how it ended. Ctrl-C ends the following, not the job.
 * @throws DistillError the cause of a failed job; DISTILL_E_JOB_NOT_FOUND when it is deleted; those of `attempt` when the rights are lost
 */
export async function follow(
  access: ClusterAccess,
  first: JobObject,
  output: WriteStream = process.stdout,
): Promise<void> {
  const screen = liveScreen(output);
  const ending = await untilOver(access, first, {
    show: (job) => {
      screen.show(clusterView(job, new Date()));
    },
    log: (line) => {
      screen.log(line);
    },
  });
  // What came out stands in its place; without it, the last that was seen stays.
  if (ending.type === 'Over') screen.clear();
  else screen.leave();
  const { name } = first.metadata;
  switch (ending.type) {
    case 'Interrupted':
      complain(`The job goes on; follow it by \`kubectl distill watch ${named(first.metadata)}\`.`);
      process.exitCode = EXIT.retry;
      return;
    case 'Deleted':
      throw new DistillError('DISTILL_E_JOB_NOT_FOUND', `${name} has been deleted while it was followed.`, {
        fix: 'What it had finished is still on its volume; applied again, it goes on from there.',
      });
    case 'Over': {
      for (const line of resultLines(ending.job)) output.write(`${line}\n`);
      const failure = failureOf(ending.job);
      if (failure !== undefined) throw failure;
    }
  }
}

interface Audience {
  readonly show: (job: JobObject) => void;
  readonly log: (line: string) => void;
}

async function untilOver(access: ClusterAccess, first: JobObject, { show, log }: Audience): Promise<Ending> {
  const { client } = access;
  const { namespace, name, uid } = first.metadata;
  const stop = interruption('View');
  let latest = first;
  let failedAt = -Infinity;
  let cut = false;
  let former: string | undefined;
  let end: (ending: Ending | { readonly type: 'Refused'; readonly error: unknown }) => void = () => undefined;
  const ended = new Promise<Parameters<typeof end>[0]>((resolve) => {
    end = resolve;
  });
  const take = (job: JobObject | undefined): void => {
    if (job?.metadata.uid !== uid) {
      end({ type: 'Deleted' });
      return;
    }
    if (cut) log('The API server answers again.');
    cut = false;
    latest = job;
    const line = formerStudentLine(job);
    if (line !== undefined && former === undefined) log(line);
    former = line;
    show(job);
    if (verdictNow(job) !== undefined) end({ type: 'Over', job });
  };
  const reflector = new Reflector<JobObject>({
    client,
    resource: JOBS_OF_OURS,
    selection: { namespace, fieldSelector: `metadata.name=${name}` },
    onChange: (change) => {
      take(change.new);
    },
    onStanding: () => {
      // A list without it: it was deleted before the first look.
      if (reflector.hasSynced && reflector.store.size === 0) end({ type: 'Deleted' });
    },
    onError: (error) => {
      if (isApiError(error, ({ status }) => status === 401 || status === 403)) end({ type: 'Refused', error });
      // One failure is a connection that broke; when the next attempt fails too, it is worth a line.
      const again = performance.now() - failedAt < LASTING_MS;
      failedAt = performance.now();
      if (!cut && again && !isApiError(error, ({ isGone, isSilence }) => isGone || isSilence)) {
        cut = true;
        log('The API server does not answer; the job goes on meanwhile, and so does this when it is back.');
      }
    },
  });
  stop.addEventListener('abort', () => {
    end({ type: 'Interrupted' });
  });
  reflector.start();
  const redraw = setInterval(() => {
    if (!cut) show(latest);
  }, REDRAW_MS);
  const ending = await ended;
  clearInterval(redraw);
  await reflector.stop();
  if (ending.type !== 'Refused') return ending;
  return attempt({ server: access.server, namespace }, `watch the job ${name}`, () =>
    Promise.reject(ending.error as Error),
  );
}
