import { Command, Option } from 'commander';
import { clusterOptions, type ClusterOptions } from '../cluster/options.ts';
import { withOptions } from './manifest.ts';

export function versionCommand(): Command {
  const command = new Command('version')
    .summary('show the versions of command line, definition and operator')
    .description(
      'Shows the version of this command line and, where a cluster is to be had, of definition and operator there.',
    )
    .addOption(new Option('--client', 'of the command line alone'))
    .addHelpText('after', '\nExamples:\n  kubectl-distill version\n  kubectl-distill version --client');
  return withOptions(command, clusterOptions()).action(
    async (options: ClusterOptions & { readonly client?: boolean }) => {
      await (await import('../cluster/verbs/version.ts')).version(options);
    },
  );
}
