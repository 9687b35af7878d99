import { Argument, Command, Option } from 'commander';
import { clusterOptions, type ClusterOptions } from '../cluster/options.ts';
import { outputOption } from '../cluster/output.ts';
import type { ChangeOptions } from '../cluster/verbs/change.ts';
import { withOptions } from './manifest.ts';

/** Commands that change a job of a cluster. */

const jobArgument = (): Argument => new Argument('<name>', 'of the job');

export function suspendCommand(): Command {
  const command = new Command('suspend')
    .summary('pause a job, and free its GPUs')
    .description('Ends the pods of a job. Finished epochs are kept, and a resumed job ends with the same student.')
    .addArgument(jobArgument())
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExamples:\n  kubectl-distill suspend cifar10-vgg16\n  kubectl-distill suspend cifar10-vgg16 -n team-a',
    );
  return withOptions(command, clusterOptions()).action(async (name: string, options: ChangeOptions) => {
    await (await import('../cluster/verbs/change.ts')).suspend(name, options);
  });
}

export function resumeCommandOfCluster(): Command {
  const command = new Command('resume')
    .summary('let a suspended job go on')
    .description('Lets a suspended job go on from its last finished epochs.')
    .addArgument(jobArgument())
    .addOption(outputOption())
    .addHelpText('after', '\nExamples:\n  kubectl-distill resume cifar10-vgg16');
  return withOptions(command, clusterOptions()).action(async (name: string, options: ChangeOptions) => {
    await (await import('../cluster/verbs/change.ts')).resume(name, options);
  });
}

export function retryCommand(): Command {
  const command = new Command('retry')
    .summary('try a failed job again')
    .description('Begins a failed job anew, once its cause is mended. Whatever is finished on its volume counts.')
    .addArgument(jobArgument())
    .addOption(outputOption())
    .addHelpText('after', '\nExamples:\n  kubectl-distill retry cifar10-vgg16');
  return withOptions(command, clusterOptions()).action(async (name: string, options: ChangeOptions) => {
    await (await import('../cluster/verbs/change.ts')).retry(name, options);
  });
}

export function cancelCommand(): Command {
  const command = new Command('cancel')
    .summary('delete a job')
    .description(
      'Deletes a job with its pods. What it has written stays on its volume; applied again, it goes on from there.',
    )
    .addArgument(jobArgument())
    .addOption(new Option('-y, --yes', 'without asking'))
    .addHelpText(
      'after',
      '\nExamples:\n  kubectl-distill cancel cifar10-vgg16\n  kubectl-distill cancel cifar10-vgg16 --yes',
    );
  return withOptions(command, clusterOptions()).action(
    async (name: string, options: ClusterOptions & { readonly yes?: boolean }) => {
      await (await import('../cluster/verbs/change.ts')).cancel(name, options);
    },
  );
}
