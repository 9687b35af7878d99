import { resolve } from 'node:path';
import { EXIT } from '@distillation/api/errors';
import { Command, Option } from 'commander';
import type { Check } from '../doctor/check.ts';
import { checkInputs, judgeJob, judgePlan } from '../doctor/job.ts';
import { checkBackend, checkDisk, checkNode, checkVolume, judgeProcessors } from '../doctor/machine.ts';
import { jobViewer } from '../local/job-view.ts';
import { checkupLines } from '../present/checkup.ts';
import { readManifest, resumeCommand, volumeOption } from './manifest.ts';

interface DoctorOptions {
  readonly filename?: string;
  readonly volume: string;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .summary('check this machine, the volume and, given a manifest, the job')
    .description(
      'Checks what jobs need: Node, a backend that passes its self-test, a volume that can be written, free disk space. With a ' +
        'manifest also teacher, data set and processors, and why the job stopped if it did. Each finding comes with what to do.',
    )
    .addOption(new Option('-f, --filename <file>', 'manifest of a job to look at'))
    .addOption(volumeOption())
    .addHelpText(
      'after',
      `
Exit status: 78 when there is a problem, 0 with nothing but advice.

Examples:
  kubectl-distill doctor
  kubectl-distill doctor -f job.yaml --volume /data/distill`,
    )
    .action(doctor);
}

async function doctor({ filename, volume: folder }: DoctorOptions): Promise<void> {
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
  process.stdout.write(`${checkupLines(found).join('\n')}\n`);
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
  ];
}
