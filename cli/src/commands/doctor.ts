import { Command, Option } from 'commander';
import { clusterOptions, type ClusterOptions, isLocal, type SideOptions } from '../cluster/options.ts';
import { HERE, localOption, referenceOf, volumeOption, withOptions } from './manifest.ts';

interface DoctorOptions extends SideOptions, ClusterOptions {
  readonly filename?: string;
}

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .summary('say what is wrong, and what to do about it')
    .description(
      'On a cluster: whether its API server answers, DistillationJobs are known, an operator runs, leads and serves the namespace; and of a ' +
        'job its claims, GPUs, bins and blocks, and what keeps it from its work. With --local: Node, a backend that passes its self-test, ' +
        'a volume that can be written, free disk space, and with a manifest teacher, data set and why the job stopped. Each finding comes ' +
        'with what to do.',
    )
    .argument('[name]', 'a job of the cluster')
    .addOption(new Option('-f, --filename <file>', 'manifest of the job'))
    .addOption(localOption())
    .addOption(volumeOption());
  return withOptions(command, clusterOptions())
    .addHelpText(
      'after',
      `
Exit status: 78 when there is a problem, 0 with nothing but advice.

Examples:
  kubectl distill doctor
  kubectl distill doctor cifar10-vgg16 -n team-a
  kubectl-distill doctor --local
  kubectl-distill doctor --local -f job.yaml --volume /data/distill`,
    )
    .action(doctor);
}

async function doctor(name: string | undefined, { filename, ...options }: DoctorOptions): Promise<void> {
  if (isLocal(options)) {
    const { doctorHere } = await import('../local/verbs/doctor.ts');
    await doctorHere({ volume: options.volume ?? HERE, ...(filename !== undefined && { filename }) });
    return;
  }
  const { doctorOnCluster } = await import('../cluster/verbs/doctor.ts');
  const asked = name === undefined && filename === undefined ? undefined : referenceOf(name, filename);
  await doctorOnCluster(asked, options);
}
