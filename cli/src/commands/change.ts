import { Argument, Command, Option } from 'commander';
import { clusterOptions, type ClusterOptions } from '../cluster/options.ts';
import { outputOption } from '../cluster/output.ts';
import type { ChangeOptions } from '../cluster/verbs/change.ts';
import { withOptions } from './manifest.ts';

/** Commands that change a job of a cluster. */

interface Texts {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** Command lines after the name. */
  readonly examples: readonly string[];
}

/** A command on one job, with an option of its own. */
function onJob({ name, summary, description, examples }: Texts, option: Option): Command {
  const command = new Command(name)
    .summary(summary)
    .description(description)
    .addArgument(new Argument('<name>', 'of the job'))
    .addOption(option)
    .addHelpText('after', ['\nExamples:', ...examples.map((line) => `  kubectl-distill ${name} ${line}`)].join('\n'));
  return withOptions(command, clusterOptions());
}

export const suspendCommand = (): Command =>
  onJob(
    {
      name: 'suspend',
      summary: 'pause a job, and free its GPUs',
      description: 'Ends the pods of a job. Finished epochs are kept, and a resumed job ends with the same student.',
      examples: ['cifar10-vgg16', 'cifar10-vgg16 -n team-a'],
    },
    outputOption(),
  ).action(async (name: string, options: ChangeOptions) => {
    await (await import('../cluster/verbs/change.ts')).suspend(name, options);
  });

export const resumeCommandOfCluster = (): Command =>
  onJob(
    {
      name: 'resume',
      summary: 'let a suspended job go on',
      description: 'Lets a suspended job go on from its last finished epochs.',
      examples: ['cifar10-vgg16'],
    },
    outputOption(),
  ).action(async (name: string, options: ChangeOptions) => {
    await (await import('../cluster/verbs/change.ts')).resume(name, options);
  });

export const retryCommand = (): Command =>
  onJob(
    {
      name: 'retry',
      summary: 'try a failed job again',
      description: 'Begins a failed job anew, once its cause is mended. Whatever is finished on its volume counts.',
      examples: ['cifar10-vgg16'],
    },
    outputOption(),
  ).action(async (name: string, options: ChangeOptions) => {
    await (await import('../cluster/verbs/change.ts')).retry(name, options);
  });

export const cancelCommand = (): Command =>
  onJob(
    {
      name: 'cancel',
      summary: 'delete a job',
      description:
        'Deletes a job with its pods. What it has written stays on its volume; applied again, it goes on from there.',
      examples: ['cifar10-vgg16', 'cifar10-vgg16 --yes'],
    },
    new Option('-y, --yes', 'without asking'),
  ).action(async (name: string, options: ClusterOptions & { readonly yes?: boolean }) => {
    await (await import('../cluster/verbs/change.ts')).cancel(name, options);
  });
