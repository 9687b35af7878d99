import { createInterface } from 'node:readline/promises';
import { DistillError } from '@distillation/api/errors';
import { type ClusterAccess, onCluster } from '../access.ts';
import { deleteJob, getJob, type JobObject, patchJob } from '../jobs.ts';
import type { ClusterOptions } from '../options.ts';
import { forMachines, isForMachines, resourceName } from '../output.ts';
import { stateWords, verdictNow } from '../status/job-table.ts';
import { named } from '../status/result.ts';

/** Commands that change a job: suspend, resume, retry, cancel. */

export interface ChangeOptions extends ClusterOptions {
  readonly output?: string;
}

const suspended = (suspend: boolean) => ({ spec: { cluster: { suspend } } });

/** `suspend`: its pods end, the GPUs are free, and the work done is kept. */
export function suspend(name: string, options: ChangeOptions): Promise<void> {
  return changed(name, options, async (access, job) => {
    refuseOver(job, 'There is nothing to suspend.');
    const after = await patchJob(access, name, suspended(true));
    const word = job.spec.cluster.suspend ? 'is suspended already' : 'suspended';
    const then = `Its pods end, and the work done is kept; it goes on by \`kubectl distill resume ${named(job.metadata)}\`.`;
    return { job: after, word, then };
  });
}

/** `resume`: it goes on from its last epochs. */
export function resume(name: string, options: ChangeOptions): Promise<void> {
  return changed(name, options, async (access, job) => {
    const word = job.spec.cluster.suspend ? 'resumed' : 'was not suspended';
    const then = `Follow it by \`kubectl distill watch ${named(job.metadata)}\`.`;
    return { job: await patchJob(access, name, suspended(false)), word, then };
  });
}

/** `retry`: a failed job begins anew from what is finished on its volume. A change of the spec makes the operator do so, and this is one. */
export function retry(name: string, options: ChangeOptions): Promise<void> {
  return changed(name, options, async (access, job) => {
    if (verdictNow(job)?.status !== 'False') {
      throw new DistillError('DISTILL_E_USAGE', `${name} has not failed: it is ${stateWords(job) || 'not begun'}.`, {
        subject: name,
        fix: `Failed jobs are tried again; \`kubectl distill doctor ${named(job.metadata)}\` says what keeps one waiting.`,
      });
    }
    await patchJob(access, name, suspended(true));
    const then = `What is finished on its volume counts. Follow it by \`kubectl distill watch ${named(job.metadata)}\`.`;
    return { job: await patchJob(access, name, suspended(false)), word: 'is tried again', then };
  });
}

function refuseOver(job: JobObject, message: string): void {
  const verdict = verdictNow(job);
  if (verdict === undefined) return;
  throw new DistillError('DISTILL_E_USAGE', `${job.metadata.name} is over: ${verdict.reason}. ${message}`, {
    subject: job.metadata.name,
    fix: `\`kubectl distill get ${named(job.metadata)} -o wide\` shows what came out.`,
  });
}

interface Change {
  readonly job: JobObject;
  /** What was done, after the name. */
  readonly word: string;
  /** What comes next. */
  readonly then: string;
}

async function changed(
  name: string,
  options: ChangeOptions,
  act: (access: ClusterAccess, job: JobObject) => Promise<Change>,
): Promise<void> {
  await onCluster(options, async (access) => {
    const { job, word, then } = await act(access, await getJob(access, name));
    const { output } = options;
    process.stdout.write(isForMachines(output) ? forMachines(job, output) : `${resourceName(job)} ${word}\n${then}\n`);
  });
}

/** `cancel`: deletes the job after a question; what it has written stays on the volume. */
export async function cancel(name: string, options: ClusterOptions & { readonly yes?: boolean }): Promise<void> {
  await onCluster(options, async (access) => {
    const job = await getJob(access, name);
    const { namespace } = job.metadata;
    if (options.yes !== true && !(await confirmed(`Delete the job ${name} in ${namespace}, with its pods?`))) {
      process.stderr.write('Nothing was deleted.\n');
      return;
    }
    await deleteJob(access, job);
    const { path } = job.spec.outputs;
    process.stdout.write(
      `${resourceName(job)} deleted\nWhat it has written stays on its volume, in ${path}: the same manifest, applied again, goes on from there.\n`,
    );
  });
}

/** @throws DistillError DISTILL_E_USAGE where nobody can be asked */
async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new DistillError('DISTILL_E_USAGE', 'There is no terminal to ask whether the job is to be deleted.', {
      fix: 'Say so by --yes.',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
