import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import type { DistillationJob } from '@distillation/api/job';
import { parseManifest } from '@distillation/api/manifest';
import { localDisplay } from '../local/display.ts';
import { runLocal } from '../local/run.ts';

interface RunOptions {
  readonly filename: string;
  readonly local?: boolean;
  readonly volume: string;
  readonly bins?: string;
}

/** Reads a manifest. @throws DistillError DISTILL_E_MANIFEST_UNREADABLE, DISTILL_E_MANIFEST_INVALID. */
export async function readManifest(path: string): Promise<DistillationJob> {
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
  return parseManifest(text, path);
}

function withBins(job: DistillationJob, bins: string | undefined): DistillationJob {
  if (bins === undefined) return job;
  const count = Number(bins);
  if (!Number.isInteger(count) || count < 1)
    throw new DistillError('DISTILL_E_USAGE', `--bins ${bins} is not a number of workers.`);
  return { ...job, spec: { ...job.spec, scheduling: { ...job.spec.scheduling, bins: count } } };
}

/** `run`. */
export async function runCommand(options: RunOptions): Promise<void> {
  if (options.local !== true) {
    throw new DistillError(
      'DISTILL_E_USAGE',
      'On a cluster a job is run by `kubectl apply`; to run it on this machine add --local.',
    );
  }
  const job = withBins(await readManifest(options.filename), options.bins);
  const volume = resolve(options.volume);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  const display = localDisplay(process.stdout);
  display.finish(await runLocal({ job, volume, display, signal: stop.signal }));
}
