import { Argument, Command, Option } from 'commander';
import { DistillError } from '@distillation/api/errors';
import { clusterOptions } from '../cluster/options.ts';
import type { LogsOptions } from '../cluster/verbs/logs.ts';
import { withOptions } from './manifest.ts';

export function logsCommand(): Command {
  const command = new Command('logs')
    .summary('read what the pods of a job say')
    .description(
      'Prints the logs of planner, workers and finalizer, each line with who says it, or of one of them alone. With --follow also of pods ' +
        'to come, until the job is over.',
    )
    .addArgument(new Argument('<name>', 'of the job'))
    .addOption(new Option('--planner', 'of the planner'))
    .addOption(new Option('--bin <number>', 'of the worker of this bin').argParser(wholeNumber('--bin')))
    .addOption(new Option('--finalizer', 'of the finalizer'))
    .addOption(new Option('--follow', 'go on as they say more'))
    .addOption(new Option('--tail <lines>', 'only the last lines of each').argParser(wholeNumber('--tail')))
    .addHelpText(
      'after',
      `
Examples:
  kubectl-distill logs cifar10-vgg16
  kubectl-distill logs cifar10-vgg16 --bin 1 --tail 20
  kubectl-distill logs cifar10-vgg16 --follow`,
    );
  return withOptions(command, clusterOptions()).action(async (name: string, options: LogsOptions) => {
    await (await import('../cluster/verbs/logs.ts')).logsOnCluster(name, options);
  });
}

const wholeNumber =
  (flag: string) =>
  (text: string): number => {
    if (/^\d{1,9}$/.test(text)) return Number(text);
    throw new DistillError('DISTILL_E_USAGE', `${flag} ${text} is not a whole number from 0.`, { subject: flag });
  };
