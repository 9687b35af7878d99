import { Command, Option } from 'commander';
import { isLocal, type SideOptions } from '../cluster/options.ts';
import { HERE, localOption, requireLocal, volumeOption } from './manifest.ts';

interface DoctorOptions extends SideOptions {
  readonly filename?: string;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .summary('check this machine, the volume and, given a manifest, the job')
    .description(
      'Checks what jobs need: Node, a backend that passes its self-test, a volume that can be written, free disk space. With a ' +
        'manifest also teacher, data set and processors, and why the job stopped if it did. Each finding comes with what to do.',
    )
    .addOption(new Option('-f, --filename <file>', 'manifest of a job to look at'))
    .addOption(localOption())
    .addOption(volumeOption())
    .addHelpText(
      'after',
      `
Exit status: 78 when there is a problem, 0 with nothing but advice.

Examples:
  kubectl-distill doctor --local
  kubectl-distill doctor --local -f job.yaml --volume /data/distill`,
    )
    .action(doctor);
}

async function doctor({ filename, ...side }: DoctorOptions): Promise<void> {
  if (!isLocal(side)) requireLocal('doctor', filename);
  const { doctorHere } = await import('../local/verbs/doctor.ts');
  await doctorHere({ volume: side.volume ?? HERE, ...(filename !== undefined && { filename }) });
}
