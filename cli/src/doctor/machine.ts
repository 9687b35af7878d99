import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { toDistillError } from '@distillation/api/errors';
import { bytes, plural } from '@distillation/api/format';
import type { DistillationJob } from '@distillation/api/job';
import { checkWritable } from '@distillation/ledger/atomic';
import { nodeFileLayer, withVolumeErrors } from '@distillation/ledger/file-layer';
import { isProjectNode } from '@distillation/runtime/project-node';
import { advice, type Check, ok, problem } from '../present/check.ts';

/** Checks of this machine and of the volume, independent of any job. */

/** Checkpoints of a small teacher take some hundred megabytes. */
const FREE_BYTES = 1e9;

const BACKEND_PROBE = fileURLToPath(new URL('./backend-probe.ts', import.meta.url));

export function checkNode(version: string): Check {
  return isProjectNode(version)
    ? ok('Node', version)
    : problem(
        'Node',
        `${version} is not of the line this project runs on`,
        'Run it as `npx kubectl-distill`, which uses the Node 22 that `npm ci` installed.',
      );
}

/** Output of the probe: the backend that a worker would use. */
export interface BackendFound {
  readonly name: 'native-gpu' | 'native-cpu' | 'wasm' | 'cpu';
  readonly description: string;
  readonly notes: readonly string[];
}

/** Opens the best backend, including its self-test, in a separate process, since TensorFlow cannot be unloaded. */
export async function checkBackend(): Promise<Check> {
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', BACKEND_PROBE],
      { timeout: 120_000 },
    );
    return judgeBackend(JSON.parse(stdout) as BackendFound);
  } catch (thrown) {
    const said = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr).trim() : String(thrown);
    return problem('backend', said.split('\n', 1)[0] ?? '', 'kubectl-distill setup');
  }
}

export function judgeBackend({ name, description, notes }: BackendFound): Check {
  const passed = `${description}, passes the self-test`;
  if (name === 'native-gpu' || name === 'native-cpu') return ok('backend', passed);
  const slower = name === 'wasm' ? 'some ten times' : 'some thousand times';
  return advice(
    'backend',
    `${passed}, but is ${slower} as slow as the native one: ${notes.join('; ')}`,
    'kubectl-distill setup',
  );
}

/** Whether the volume exists and is writable. */
export async function checkVolume(folder: string): Promise<Check> {
  const files = withVolumeErrors(nodeFileLayer);
  try {
    const status = await files.stat(folder);
    if (status === undefined) return problem('volume', `there is no folder ${folder}`, `mkdir -p ${folder}`);
    await checkWritable(files, folder);
    return ok('volume', `${folder} can be written`);
  } catch (thrown) {
    const { message, fix } = toDistillError(thrown);
    return problem('volume', message, fix);
  }
}

export async function checkDisk(folder: string): Promise<Check | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return judgeDisk(bavail * bsize);
  } catch {
    // The check of the volume reports a missing folder.
    return undefined;
  }
}

export function judgeDisk(free: number): Check {
  const found = `${bytes(free)} free`;
  return free >= FREE_BYTES
    ? ok('disk', found)
    : advice(
        'disk',
        `${found}, which a job may well need`,
        'Free some space: a job that fills the disk stops, and goes on when run again.',
      );
}

/** Whether the job uses more threads than there are processors, which would only slow each other down. */
export function judgeProcessors({ spec }: DistillationJob, backend: Check, processors = availableParallelism()): Check {
  const { bins } = spec.scheduling;
  const threads = bins * spec.training.cpuThreads;
  const asked = `${processors} here, ${threads} asked for by ${plural(bins, 'bin')}`;
  return threads <= processors || backend.found.includes('GPU')
    ? ok('processors', asked)
    : advice('processors', asked, `--bins ${Math.max(1, Math.floor(processors / spec.training.cpuThreads))}`);
}
