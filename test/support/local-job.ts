import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DistillationJob } from '@distillation/api/job';
import { LAYOUT } from '@distillation/api/layout';
import { parseManifest } from '@distillation/api/manifest';
import { Ledger } from '@distillation/ledger/ledger';
import { readEverything } from '@distillation/ledger/view';
import type { RunDisplay } from '../../cli/src/local/run.ts';

/** What a job made, as hashes: equal only if every bit is. */
export interface Made {
  /** SHA-256 of the last checkpoint (weights and optimizer state) of each block. */
  readonly blocks: Readonly<Record<string, string>>;
  /** SHA-256 of the student's topology and weights. */
  readonly student: string;
}

export const silent: RunDisplay = { show: () => undefined, log: () => undefined };

/** A manifest object as a checked job. */
export function jobOf(manifest: object): DistillationJob {
  return parseManifest(JSON.stringify(manifest), 'test job');
}

export function openForReading(volume: string, job: DistillationJob): Ledger {
  return new Ledger({ folder: join(volume, job.spec.outputs.path), writer: 'test', log: () => undefined });
}

/** Hashes of the blocks that a job has trained, from the files themselves. */
export async function blocksBy(volume: string, job: DistillationJob): Promise<Made['blocks']> {
  const ledger = openForReading(volume, job);
  const { blocks } = await readEverything(ledger);
  const hashes: Record<string, string> = {};
  for (const { name, history } of blocks) {
    const checkpoint = history.at(-1)?.checkpoint;
    const bytes = checkpoint === undefined ? undefined : await readFile(ledger.path(checkpoint.file));
    hashes[name] = bytes === undefined ? 'none' : createHash('sha256').update(bytes).digest('hex');
  }
  return hashes;
}

/** Hashes of everything a finished job made, from the files themselves. */
export async function madeBy(volume: string, job: DistillationJob): Promise<Made> {
  const ledger = openForReading(volume, job);
  const student = createHash('sha256');
  const model = await readFile(ledger.path(`${LAYOUT.student}/model.json`));
  student.update(model);
  const { weightsManifest } = JSON.parse(model.toString()) as { weightsManifest: { paths: string[] }[] };
  for (const path of weightsManifest.flatMap(({ paths }) => paths)) {
    student.update(await readFile(ledger.path(`${LAYOUT.student}/${path}`)));
  }
  return { blocks: await blocksBy(volume, job), student: student.digest('hex') };
}
