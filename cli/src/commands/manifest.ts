import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DistillError, EXIT } from '@distillation/api/errors';
import type { DistillationJob } from '@distillation/api/job';
import { parseManifest } from '@distillation/api/manifest';
import type { Place } from '@distillation/api/rule';
import { setUpNative, withoutNative } from '@distillation/native-addon/setup';
import { sentence } from '@distillation/api/sentences';
import { Option } from 'commander';

/** Shared by the commands: manifest, volume, number of bins. */

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

/** Checks that the volume's folder exists; a missing one would be created and found empty. @throws DistillError DISTILL_E_USAGE */
export async function volumeFolder(path: string): Promise<string> {
  const folder = resolve(path);
  const there = await stat(folder).catch(() => undefined);
  if (there?.isDirectory() === true) return folder;
  const message = there === undefined ? `There is no folder ${folder}.` : `${folder} is not a folder.`;
  throw new DistillError('DISTILL_E_USAGE', message, {
    subject: '--volume',
    fix: 'Give the folder that holds teacher and data by --volume; without it the current folder is taken.',
  });
}

/** The job with another number of bins, which does not change its result. */
export function withBins(job: DistillationJob, bins: number | undefined): DistillationJob {
  if (bins === undefined) return job;
  return { ...job, spec: { ...job.spec, scheduling: { ...job.spec.scheduling, bins } } };
}

/** The alternative on a cluster, once the job is applied. */
const ON_A_CLUSTER = {
  run: 'follow it by `kubectl get dj -w`',
  plan: 'its plan then stands in its status, `kubectl get dj -o yaml`',
} as const;

/**
 * Requires --local: `run` and `plan` work on this machine, while on a cluster the operator does both.
 *
 * @throws DistillError DISTILL_E_USAGE
 */
export function requireLocal(local: boolean | undefined, command: 'run' | 'plan', filename: string): void {
  if (local === true) return;
  const fix =
    `On this machine: \`kubectl-distill ${command} --local -f ${filename}\`. ` +
    `On a cluster, where the operator is installed: \`kubectl apply -f ${filename}\`; ${ON_A_CLUSTER[command]}.`;
  throw new DistillError('DISTILL_E_USAGE', `\`${command}\` needs --local: by itself it works on this machine alone.`, {
    subject: command,
    fix,
  });
}

/** Reads a manifest, by default for this machine. @throws DistillError DISTILL_E_MANIFEST_UNREADABLE, DISTILL_E_MANIFEST_INVALID. */
export async function readManifest(path: string, place: Place = 'Local'): Promise<DistillationJob> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new DistillError('DISTILL_E_MANIFEST_UNREADABLE', whyUnread(path, cause), {
      subject: path,
      cause,
    });
  }
  return parseManifest(text, path, place);
}

function whyUnread(path: string, thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `There is no ${path}.`;
    case 'EISDIR':
      return `${path} is a folder.`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read (${code}).`;
    default:
      return `${path} cannot be read: ${sentence(thrown instanceof Error ? thrown.message : String(thrown))}`;
  }
}

/** An abort signal for Ctrl-C and SIGTERM. */
export function interruption(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  return stop.signal;
}

/** The command that starts or resumes the job. */
export function resumeCommand({ filename, volume }: JobOptions): string {
  return `kubectl-distill run --local -f ${filename}${volume === '.' ? '' : ` --volume ${volume}`}`;
}

/** Sets up the native backend for a command that computes, and warns if it is not available. */
export async function prepareBackend(log: (line: string) => void): Promise<void> {
  // An orderly exit also ends the processes that fetch or build it.
  const stop = (): never => process.exit(EXIT.retry);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const remark = withoutNative(await setUpNative(log));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  if (remark !== undefined) log(remark);
}
