import { Command, Option } from 'commander';
import { filesOptions } from '../cluster/files/options.ts';
import { clusterOptions } from '../cluster/options.ts';
import type { FetchOptions } from '../cluster/verbs/fetch.ts';
import { withOptions } from './manifest.ts';

export function fetchCommand(): Command {
  const command = new Command('fetch')
    .summary('bring student and report of a finished job to this machine')
    .description(
      'Copies the student and the report of a job that has succeeded to a folder, through a pod that is made for it and deleted, and ' +
        'checks the student by the hash in status and report before anything takes its place.',
    )
    .argument('<name>', 'name of the job')
    .addOption(new Option('--to <folder>', 'folder for student and report; by default one of the job’s name, here'));
  return withOptions(command, [...filesOptions(), ...clusterOptions()])
    .addHelpText(
      'after',
      `
Examples:
  kubectl distill fetch cifar10-vgg16
  kubectl distill fetch cifar10-vgg16 --to results/today -n team-a`,
    )
    .action(async (name: string, options: FetchOptions) => {
      await (await import('../cluster/verbs/fetch.ts')).fetchFromCluster(name, options);
    });
}
