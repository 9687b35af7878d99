import { Argument, Command, Option } from 'commander';
import { DistillError } from '@distillation/api/errors';
import { type ClusterOptions, clusterOptions, isLocal, type SideOptions } from '../cluster/options.ts';
import { HERE, localOption, referenceOf, volumeOption, withOptions } from './manifest.ts';

interface WatchOptions extends ClusterOptions, SideOptions {
  readonly filename?: string;
}

export function watchCommand(): Command {
  const command = new Command('watch')
    .summary('follow a job until it ends')
    .description(
      'Shows a live table of a job: bins, blocks, time left, and what keeps it waiting with the way out. It outlives lost connections. ' +
        'With --local, of a job that another terminal or another machine with the same volume runs. Only reads; Ctrl-C ends the ' +
        'watching, not the job. Ends with the results when the job does, or with the error that made it fail.',
    )
    .addArgument(new Argument('[name]', 'of a job on the cluster'))
    .addOption(new Option('-f, --filename <file>', 'manifest of the job'))
    .addOption(localOption())
    .addOption(volumeOption());
  return withOptions(command, clusterOptions())
    .addHelpText(
      'after',
      `
Ended by Ctrl-C before the job is over it exits with 75.

Examples:
  kubectl-distill watch cifar10-vgg16
  kubectl-distill watch -f job.yaml -n team-a
  kubectl-distill watch --local -f job.yaml
  kubectl-distill watch --local -f job.yaml --volume /mnt/distill`,
    )
    .action(watch);
}

async function watch(name: string | undefined, options: WatchOptions): Promise<void> {
  const { filename, volume } = options;
  if (!isLocal(options)) {
    const { watchOnCluster } = await import('../cluster/verbs/watch.ts');
    await watchOnCluster(referenceOf(name, filename), options);
    return;
  }
  if (filename === undefined) {
    throw new DistillError('DISTILL_E_USAGE', 'With --local a job is named by its manifest: give it by -f.');
  }
  const { watchHere } = await import('../local/verbs/watch.ts');
  await watchHere({ filename, volume: volume ?? HERE });
}
