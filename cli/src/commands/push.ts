import { Command, Option } from 'commander';
import { filesOptions } from '../cluster/files/options.ts';
import { clusterOptions } from '../cluster/options.ts';
import type { PushOptions } from '../cluster/verbs/push.ts';
import { withOptions } from './manifest.ts';

export function pushCommand(): Command {
  const command = new Command('push')
    .summary('copy teacher and data onto the volume of a job')
    .description(
      'Copies the teacher and the data of a manifest onto the claims that it names, or any files onto one claim, through a pod that is ' +
        'made for it and deleted. What is there already with the right size and hash is not sent again, so the same command goes on ' +
        'after an interruption; at the end all is compared by hash. Links are followed.',
    )
    .argument('[local...]', 'with --claim: files and folders to copy')
    .addOption(new Option('-f, --filename <file>', 'manifest of the job (YAML or JSON)'))
    .addOption(
      new Option('--from <folder>', 'with -f: folder in which the manifest’s paths begin; by default the current one'),
    )
    .addOption(new Option('--claim <name>', 'persistent volume claim to copy files to, without a manifest'))
    .addOption(new Option('--to <folder>', 'with --claim: folder on it; by default its root'));
  return withOptions(command, [...filesOptions(), ...clusterOptions()])
    .addHelpText(
      'after',
      `
Examples:
  kubectl distill push -f job.yaml --from /data
  kubectl distill push --claim distillation teachers datasets
  kubectl distill push --claim distillation vgg16.keras --to teachers -n team-a`,
    )
    .action(async (local: readonly string[], options: PushOptions) => {
      await (await import('../cluster/verbs/push.ts')).pushToCluster(local, options);
    });
}
