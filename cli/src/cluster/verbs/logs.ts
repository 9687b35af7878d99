import { DistillError } from '@distillation/api/errors';
import { LABEL } from '@distillation/api/labels';
import { isApiError } from '@distillation/kube/api-error';
import { PODS } from '@distillation/kube/resources';
import { Reflector } from '@distillation/kube/reflector';
import type { WirePod } from '@distillation/kube/wire';
import { interruption } from '../../interruption.ts';
import { printable } from '../../present/tables/columns.ts';
import { type ClusterAccess, onCluster } from '../access.ts';
import { attempt } from '../api-errors.ts';
import { getJob, type JobObject, JOBS_OF_OURS } from '../jobs.ts';
import { binsInstead, type NamedPod, podsOf, type Selection, WORKER } from '../log-pods.ts';
import type { ClusterOptions } from '../options.ts';
import { stateWords, verdictNow } from '../status/job-table.ts';
import { named } from '../status/result.ts';

export interface LogsOptions extends ClusterOptions, Selection {
  readonly follow?: boolean;
  readonly tail?: number;
}

/** `logs`: what the workers of a job have said, together with a prefix, or of one alone. */
export async function logsOnCluster(name: string, options: LogsOptions): Promise<void> {
  await onCluster(options, async (access) => {
    const job = await getJob(access, name);
    const bins = binsInstead(job, options.bin);
    if (bins !== undefined) {
      throw new DistillError('DISTILL_E_USAGE', `The job ${name} has no bin ${options.bin}.`, {
        subject: '--bin',
        fix: `Name one that it has: ${bins.join(', ')}.`,
      });
    }
    if (options.follow === true) await followed(access, job, options);
    else await printed(access, job, options);
  });
}

const selectorOf = ({ metadata: { uid } }: JobObject): string => `${LABEL.jobUid}=${uid}`;

async function printed(access: ClusterAccess, job: JobObject, options: LogsOptions): Promise<void> {
  const { client, namespace } = access;
  const { items } = await attempt(access, 'list pods', () =>
    client.list(PODS, { namespace, labelSelector: selectorOf(job) }),
  );
  const pods = podsOf(job, items, options);
  const heard = pods.filter(({ hasLog }) => hasLog);
  if (heard.length === 0) throw nothingToRead(job, pods);
  const signal = interruption('View');
  const stream = streamer(access, { options, alone: heard.length === 1, signal });
  for (const pod of heard) await stream(pod);
}

function nothingToRead({ metadata, status }: JobObject, pods: readonly NamedPod[]): DistillError {
  const why =
    pods.length === 0
      ? 'None of its pods is there'
      : `None of its pods has begun: ${pods.map(({ title }) => title).join(', ')}`;
  return new DistillError(
    'DISTILL_E_LOG_NOT_THERE',
    `${why}; the job is at ${stateWords({ ...(status && { status }) }) || 'its beginning'}.`,
    {
      subject: metadata.name,
      fix: `\`kubectl distill doctor ${named(metadata)}\` says what it waits for. Pods of a job that is over may be gone, and their logs with them.`,
    },
  );
}

/** Follows the pods that there are and those to come, until the job is over or Ctrl-C. */
async function followed(access: ClusterAccess, job: JobObject, options: LogsOptions): Promise<void> {
  const { client, namespace } = access;
  const { name, uid } = job.metadata;
  const stop = interruption('View');
  const stream = streamer(access, { options, alone: false, signal: stop });
  const streams = new Map<string, Promise<void>>();
  let latest = job;
  let end: (error?: unknown) => void = () => undefined;
  const ended = new Promise<unknown>((resolve) => {
    end = resolve;
  });
  const onError = (error: unknown): void => {
    if (isApiError(error, ({ status }) => status === 401 || status === 403)) end(error);
  };
  const take = (pod: WirePod): void => {
    for (const found of podsOf(latest, [pod], options)) {
      const key = pod.metadata?.uid ?? '';
      if (found.hasLog && !streams.has(key)) streams.set(key, stream(found));
    }
  };
  const pods = new Reflector<WirePod>({
    client,
    resource: PODS,
    selection: { namespace, labelSelector: selectorOf(job) },
    onChange: (change) => {
      if (change.new !== undefined) take(change.new);
    },
    onStanding: () => undefined,
    onError,
  });
  const jobs = new Reflector<JobObject>({
    client,
    resource: JOBS_OF_OURS,
    selection: { namespace, fieldSelector: `metadata.name=${name}` },
    onChange: (change) => {
      if (change.new?.metadata.uid !== uid) end();
      else latest = change.new;
      // Its last pods may still be in the mail.
      if (verdictNow(latest) !== undefined && pods.hasSynced) end();
    },
    onStanding: () => {
      if (verdictNow(latest) !== undefined) end();
    },
    onError,
  });
  stop.addEventListener('abort', () => {
    end();
  });
  pods.start();
  jobs.start();
  const error = await ended;
  await Promise.all([pods.stop(), jobs.stop()]);
  await Promise.all(streams.values());
  if (error !== undefined) await attempt(access, `follow the pods of ${name}`, () => Promise.reject(error as Error));
}

interface StreamOptions {
  readonly options: LogsOptions;
  /** Without a prefix: there is only one. */
  readonly alone: boolean;
  readonly signal: AbortSignal;
}

/** Prints the log of a pod; a pod that is gone meanwhile has said what it had to say. */
function streamer({ client, namespace }: ClusterAccess, { options, alone, signal }: StreamOptions) {
  const { follow = false, tail } = options;
  return async ({ pod, title }: NamedPod): Promise<void> => {
    const prefix = alone ? '' : `[${title}] `;
    const where = { namespace, name: pod.metadata?.name ?? '' };
    try {
      for await (const line of client.log(where, { container: WORKER, follow, tailLines: tail, signal })) {
        process.stdout.write(`${prefix}${printable(line)}\n`);
      }
    } catch (error) {
      if (isApiError(error, ({ isNotFound }) => isNotFound)) return;
      process.stderr.write(
        `${prefix}the log cannot be read: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    }
  };
}
