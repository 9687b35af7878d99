import { Argument, Command, Option } from 'commander';
import { DistillError } from '@distillation/api/errors';
import { clusterOptions } from '../cluster/options.ts';
import { outputOption } from '../cluster/output.ts';
import type { GetOptions } from '../cluster/verbs/get.ts';
import { withOptions } from './manifest.ts';

export function getCommand(): Command {
  const command = new Command('get')
    .summary('list jobs, with their progress and result')
    .description(
      'Shows the jobs of a namespace or of all: stage or what is in its way, progress, time left; with -o wide the result.',
    )
    .addArgument(new Argument('[name]', 'of one job'))
    .addOption(new Option('-A, --all-namespaces', 'of all namespaces'))
    .addOption(outputOption('wide'))
    .addHelpText(
      'after',
      `
Examples:
  kubectl-distill get
  kubectl-distill get -A -o wide
  kubectl-distill get cifar10-vgg16 -o yaml`,
    );
  return withOptions(command, clusterOptions()).action(async (name: string | undefined, options: GetOptions) => {
    if (name !== undefined && options.allNamespaces === true) {
      throw new DistillError('DISTILL_E_USAGE', 'The flag -A lists the jobs of all namespaces, and takes no name.');
    }
    const { get } = await import('../cluster/verbs/get.ts');
    await get(name, options);
  });
}
