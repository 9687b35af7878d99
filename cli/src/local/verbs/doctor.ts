import { resolve } from 'node:path';
import { EXIT } from '@distillation/api/errors';
import type { Check } from '../../present/check.ts';
import { checkInputs, judgeFormer, judgeJob, judgePlan } from '../../doctor/job.ts';
import { checkBackend, checkDisk, checkNode, checkVolume, judgeProcessors } from '../../doctor/machine.ts';
import { jobViewer } from '../job-view.ts';
import { requireLocalPackages } from '../packages.ts';
import { checkupLines } from '../../present/checkup.ts';
import { wrapWidthOf } from '../../present/tables/columns.ts';
import { readManifest, resumeCommand } from '../../commands/manifest.ts';

interface DoctorOptions {
  readonly filename?: string;
  readonly volume: string;
}

/** `doctor` on this machine. */
export async function doctorHere({ filename, volume: folder }: DoctorOptions): Promise<void> {
  requireLocalPackages();
  const volume = resolve(folder);
  const backend = await checkBackend();
  const checks: (Check | undefined)[] = [
    checkNode(process.versions.node),
    backend,
    await checkVolume(volume),
    await checkDisk(volume),
    ...(filename === undefined ? [] : await checkJob({ filename, volume: folder }, backend)),
  ];
  const found = checks.filter((check) => check !== undefined);
  process.stdout.write(`${checkupLines(found, wrapWidthOf(process.stdout)).join('\n')}\n`);
  if (found.some(({ verdict }) => verdict === 'Problem')) process.exitCode = EXIT.config;
}

async function checkJob(options: Required<DoctorOptions>, backend: Check): Promise<Check[]> {
  const job = await readManifest(options.filename);
  const volume = resolve(options.volume);
  const log = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const look = jobViewer({ job, volume, resume: resumeCommand(options), log });
  const seen = await look();
  return [
    judgeProcessors(job, backend),
    ...(await checkInputs(job, volume)),
    ...judgePlan(seen.observed),
    judgeJob(seen),
    ...judgeFormer(seen),
  ];
}
