import { readFile } from 'node:fs/promises';
import { DistillError } from '@distillation/api/errors';
import type { DistillationJob } from '@distillation/api/job';
import { parseManifest } from '@distillation/api/manifest';
import type { Place } from '@distillation/api/rule';
import { sentence } from '@distillation/api/sentences';
import { Option } from 'commander';

/** Shared by the commands: manifest, volume, number of bins. */

/** A job on this machine. */
export interface LocalJobOptions {
  readonly filename: string;
  /** Folder that the paths in the manifest are relative to. */
  readonly volume: string;
}

export interface LocalRunOptions extends LocalJobOptions {
  readonly bins?: number;
}

/** The volume of local mode, when --volume names no other. */
export const HERE = '.';

export const filenameOption = (): Option =>
  new Option('-f, --filename <file>', 'manifest of the job (YAML or JSON)').makeOptionMandatory();

export const volumeOption = (): Option =>
  new Option(
    '--volume <folder>',
    'with --local, which it implies: folder that the paths in the manifest are relative to; by default the current one',
  );

export const localOption = (): Option =>
  new Option('--local', 'on this machine instead of a cluster: child processes for pods, a folder for the volume');

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

/** The job with another number of bins, which does not change its result. */
export function withBins(job: DistillationJob, bins: number | undefined): DistillationJob {
  if (bins === undefined) return job;
  return { ...job, spec: { ...job.spec, scheduling: { ...job.spec.scheduling, bins } } };
}

/** What a cluster has instead of commands that know only this machine. */
const ON_A_CLUSTER = {
  run: '`kubectl apply -f` starts it, `kubectl get dj -w` follows it',
  plan: 'its plan stands in its status once it is applied, `kubectl get dj -o yaml`',
  watch: '`kubectl get dj -w` follows it',
} as const;

/**
 * Refuses a command that would be about a cluster.
 * @throws DistillError DISTILL_E_USAGE
 */
export function requireLocal(command: keyof typeof ON_A_CLUSTER, filename?: string): never {
  const file = filename === undefined ? '' : ` -f ${filename}`;
  const fix =
    `On this machine: \`kubectl-distill ${command} --local${file}\`. ` +
    `On a cluster, where the operator is installed: ${ON_A_CLUSTER[command]}.`;
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
export function resumeCommand({ filename, volume }: LocalJobOptions): string {
  return `kubectl-distill run --local -f ${filename}${volume === HERE ? '' : ` --volume ${volume}`}`;
}
