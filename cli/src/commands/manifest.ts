import { readFile } from 'node:fs/promises';
import { DistillError, EXIT } from '@distillation/api/errors';
import type { DistillationJob } from '@distillation/api/job';
import { parseManifest } from '@distillation/api/manifest';
import type { Place } from '@distillation/api/rules';
import { setUpNative, withoutNative } from '@distillation/worker/backend/native/setup';
import { Option } from 'commander';

/** What the commands have in common: the manifest, the volume, the number of bins. */

export interface JobOptions {
  readonly filename: string;
  readonly volume: string;
}

export const filenameOption = (): Option =>
  new Option('-f, --filename <file>', 'manifest of the job (YAML or JSON)').makeOptionMandatory();

export const volumeOption = (): Option =>
  new Option('--volume <folder>', 'folder that the paths in the manifest are relative to').default(
    '.',
    'the current folder',
  );

export const localOption = (): Option =>
  new Option('--local', 'on this machine: child processes for pods, a folder for the volume');

export const binsOption = (): Option =>
  new Option('--bins <number>', 'workers at once, instead of spec.scheduling.bins').argParser(binCount);

/** @throws DistillError DISTILL_E_USAGE */
export function binCount(text: string): number {
  const bins = Number(text);
  if (Number.isInteger(bins) && bins >= 1 && bins <= 1024) return bins;
  throw new DistillError('DISTILL_E_USAGE', `--bins ${text} is not a number of workers from 1 to 1024.`, {
    subject: '--bins',
  });
}

/** The job with another number of bins, which changes nothing of its result. */
export function withBins(job: DistillationJob, bins: number | undefined): DistillationJob {
  if (bins === undefined) return job;
  return { ...job, spec: { ...job.spec, scheduling: { ...job.spec.scheduling, bins } } };
}

/** What a cluster does instead, once the job is applied. */
const ON_A_CLUSTER = {
  run: 'follow it by `kubectl get dj -w`',
  plan: 'its plan then stands in its status, `kubectl get dj -o yaml`',
} as const;

/** `run` and `plan` work on this machine, which is said by --local: on a cluster the operator does both. @throws DistillError DISTILL_E_USAGE */
export function requireLocal(local: boolean | undefined, command: 'run' | 'plan', filename: string): void {
  if (local === true) return;
  const fix =
    `On this machine: \`kubectl-distill ${command} --local -f ${filename}\`. ` +
    `On a cluster, where the operator is installed: \`kubectl apply -f ${filename}\`; ${ON_A_CLUSTER[command]}.`;
  throw new DistillError('DISTILL_E_USAGE', `It is not said where to ${command} the job.`, { subject: command, fix });
}

/** Reads a manifest, by default for this machine. @throws DistillError DISTILL_E_MANIFEST_UNREADABLE, DISTILL_E_MANIFEST_INVALID. */
export async function readManifest(path: string, place: Place = 'Local'): Promise<DistillationJob> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DistillError('DISTILL_E_MANIFEST_UNREADABLE', `${path} cannot be read: ${why}.`, {
      subject: path,
      cause,
    });
  }
  return parseManifest(text, path, place);
}

/** A signal that is aborted by Ctrl-C or SIGTERM. */
export function interruption(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  return stop.signal;
}

/** The command that starts the job or goes on with it. */
export function resumeCommand({ filename, volume }: JobOptions): string {
  return `kubectl-distill run --local -f ${filename}${volume === '.' ? '' : ` --volume ${volume}`}`;
}

/** Sets the native backend up for a command that computes, and says so where it is not to be had. */
export async function prepareBackend(log: (line: string) => void): Promise<void> {
  // Ends what was started to fetch or build it, too.
  const stop = (): never => process.exit(EXIT.retry);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const remark = withoutNative(await setUpNative(log));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  if (remark !== undefined) log(remark);
}
