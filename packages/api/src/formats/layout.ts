import { distinctCut, isBroken, LONE_SURROGATE } from '../distinct-cut.ts';

/** Names of the files under `spec.outputs.path` on the volume, relative to that folder. No other file knows them. */

/** File systems allow 255 bytes in a name; extensions, and the additions to the name of a temporary file, take some 50 of them. */
const LONGEST_NAME = 200;

/**
 * A layer name as a file name; different layers get different names. Special characters are written as %XX (layer names may contain
 * slashes). A name that gets too long, or that cannot be encoded, ends in `~` and a hash; no other name contains `~`.
 */
export function fileName(layer: string): string {
  const encoded = encodeURIComponent(layer.replaceAll(LONE_SURROGATE, '_')).replace(/[!'()*.~]/g, percent);
  if (layer !== '' && encoded.length <= LONGEST_NAME && !isBroken(layer)) return encoded;
  return distinctCut(layer, encoded.slice(0, 150).replace(/%.?$/, ''));
}

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

const padded = (n: number): string => String(n).padStart(4, '0');

/** Claims and lives of a bin are numbered, and the highest is valid. */
const numbered = (n: number): string => String(n).padStart(6, '0');

export const LAYOUT = {
  job: 'job.json',
  /** The same as a plain manifest, for the workers of local mode. */
  manifest: 'job.manifest.json',
  plan: 'plan.json',
  schedule: 'schedule.json',
  recipe: 'recipe.json',
  /** Hashes of the data that the job was planned for, in the format of `sha256sum`. */
  dataHashes: 'data.sha256',
  blocks: 'blocks',
  blockFolder: (block: string) => `blocks/${fileName(block)}`,
  epochRecord: (block: string, attempt: number, epoch: number) =>
    `blocks/${fileName(block)}/attempt-${attempt}-epoch-${padded(epoch)}.json`,
  epochData: (block: string, attempt: number, epoch: number) =>
    `blocks/${fileName(block)}/attempt-${attempt}-epoch-${padded(epoch)}.safetensors`,
  /** Names the data of a block's start, where it is computed from the teacher's activations. */
  startRecord: (block: string) => `blocks/${fileName(block)}/start.json`,
  startData: (block: string) => `blocks/${fileName(block)}/start.safetensors`,
  claimFolder: (block: string) => `claims/${fileName(block)}`,
  claim: (block: string, token: number) => `claims/${fileName(block)}/${numbered(token)}.json`,
  claimReleased: (block: string, token: number) => `claims/${fileName(block)}/${numbered(token)}.released`,
  holderFolder: (bin: number) => `holders/bin-${bin}`,
  holder: (bin: number, life: number) => `holders/bin-${bin}/${numbered(life)}.json`,
  holderLeft: (bin: number, life: number) => `holders/bin-${bin}/${numbered(life)}.left`,
  request: (bin: number) => `requests/bin-${bin}.json`,
  grant: (bin: number) => `requests/bin-${bin}.grant.json`,
  progressFolder: 'progress',
  progress: (bin: number) => `progress/bin-${bin}.json`,
  finalizerProgress: 'progress/finalizer.json',
  runFolder: 'runs',
  run: (n: number) => `runs/${numbered(n)}.json`,
  logs: 'logs',
  log: (role: string) => `logs/${role}.log`,
  /** A process's termination message, in local mode. */
  terminationMessage: (role: string) => `logs/${role}.termination`,
  finalize: 'finalize',
  measurement: (block: string) => `finalize/blocks/${fileName(block)}.json`,
  /** A student as assembled, on the split of the selection; named by a hash of its blocks. */
  assembly: (hash: string) => `finalize/assemblies/${hash}.json`,
  /** Times of layers and candidates in ONNX Runtime, for a budget of latency. */
  latencies: 'finalize/latencies.json',
  fineTuneRecord: (epoch: number) => `finalize/fine-tune/epoch-${padded(epoch)}.json`,
  fineTuneData: (epoch: number) => `finalize/fine-tune/epoch-${padded(epoch)}.safetensors`,
  controlRecord: (epoch: number) => `finalize/control/epoch-${padded(epoch)}.json`,
  controlData: (epoch: number) => `finalize/control/epoch-${padded(epoch)}.safetensors`,
  result: 'finalize/result.json',
  student: 'student',
  card: 'student/card.json',
  reportJson: 'report.json',
  reportHtml: 'report.html',
} as const;

/**
 * Block times of earlier jobs with a teacher (the paper's prior knowledge), shared by all jobs of the volume. Relative to the
 * volume's root.
 */
export const recordedCosts = (teacherSha256: string): string => `.distillation/costs/${teacherSha256}.json`;

/** Hashes of files of a data folder that were read before, shared by all jobs of the volume; `key` identifies the data folder. */
export const knownHashes = (key: string): string => `.distillation/data/${key}.hashes`;

/** What is being copied to a volume and is not whole yet, one file a copy. Relative to the volume's root. */
export const incomingFiles = '.distillation/incoming';

/** What `worker samples` has fetched and not yet laid out. Relative to the volume's root. */
export const sampleFiles = '.distillation/samples';

/** Which `worker samples` is at work there, and which wait for it: claims, as on blocks. */
export const sampleClaims = '.distillation/samples-claims';
