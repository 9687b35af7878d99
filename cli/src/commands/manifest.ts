import { readFile } from 'node:fs/promises';
import { DistillError } from '@distillation/api/errors';
import type { DistillationJob } from '@distillation/api/job';
import { besideJob, onlyJob, parseManifest } from '@distillation/api/manifest';
import type { Place } from '@distillation/api/rule';
import { sentence } from '@distillation/api/sentences';
import { type Command, Option } from 'commander';

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

/** A job by its name, or by the manifest that names it. */
export type JobReference = { readonly name: string } | { readonly filename: string };

/** @throws DistillError DISTILL_E_USAGE when neither or both are given */
export function referenceOf(name: string | undefined, filename: string | undefined): JobReference {
  if (name !== undefined && filename === undefined) return { name };
  if (name === undefined && filename !== undefined) return { filename };
  const given = name === undefined ? 'neither a name nor a manifest' : 'both a name and a manifest';
  throw new DistillError('DISTILL_E_USAGE', `The command line has ${given}.`, {
    fix: 'Name the job (`kubectl distill get` lists them), or give its manifest by -f.',
  });
}

/** The command with these options, too. */
export function withOptions(command: Command, options: readonly Option[]): Command {
  for (const option of options) command.addOption(option);
  return command;
}

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

/** Reads a manifest, by default for this machine. @throws DistillError DISTILL_E_MANIFEST_UNREADABLE, DISTILL_E_MANIFEST_INVALID. */
export async function readManifest(path: string, place: Place = 'Local'): Promise<DistillationJob> {
  return parseManifest(await readText(path), path, place);
}

/** A manifest as its author has written it, without defaults: they are the API server's to fill in. */
export interface WrittenJob {
  readonly metadata: DistillationJob['metadata'];
  readonly spec: object;
  /** What else stands in the file, such as "PersistentVolumeClaim data". */
  readonly beside: readonly string[];
}

/** Reads a manifest for a cluster, checks it as its API server will, and returns what stands in it. @throws DistillError as `readManifest` */
export async function readWritten(path: string): Promise<WrittenJob> {
  const text = await readText(path);
  const { metadata } = parseManifest(text, path, 'Cluster');
  const document = onlyJob(text, path);
  const spec = 'spec' in document && isObject(document.spec) ? document.spec : {};
  return { metadata, spec, beside: besideJob(text, path) };
}

/** The manifest with another number of bins. */
export function writtenWithBins(job: WrittenJob, bins: number | undefined): WrittenJob {
  if (bins === undefined) return job;
  const scheduling = 'scheduling' in job.spec && isObject(job.spec.scheduling) ? job.spec.scheduling : {};
  return { ...job, spec: { ...job.spec, scheduling: { ...scheduling, bins } } };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new DistillError('DISTILL_E_MANIFEST_UNREADABLE', whyUnread(path, cause), {
      subject: path,
      cause,
    });
  }
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

/** The command that starts or resumes the job. */
export function resumeCommand({ filename, volume }: LocalJobOptions): string {
  return `kubectl-distill run --local -f ${filename}${volume === HERE ? '' : ` --volume ${volume}`}`;
}
