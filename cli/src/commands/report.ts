import { DistillError } from '@distillation/api/errors';
import { Argument, Command, Option } from 'commander';
import { filesOptions } from '../cluster/files/options.ts';
import { clusterOptions, isLocal, type SideOptions } from '../cluster/options.ts';
import type { ReportOptions } from '../cluster/verbs/report.ts';
import { HERE, localOption, referenceOf, volumeOption, withOptions } from './manifest.ts';

const FORMATS: readonly ReportOptions['output'][] = ['table', 'json', 'html'];

interface Options extends SideOptions, ReportOptions {
  readonly filename?: string;
}

export function reportCommand(): Command {
  const command = new Command('report')
    .summary('show what came out of a job, or how far it is')
    .description(
      'Shows teacher and student of a finished job side by side and where student and report lie; of an unfinished job, how far it is and ' +
        'what keeps it. On a cluster the report is read through a pod that is made for it and deleted.',
    )
    .addArgument(new Argument('[name]', 'name of a job on the cluster, in place of -f'))
    .addOption(new Option('-f, --filename <file>', 'manifest of the job (YAML or JSON)'))
    .addOption(
      new Option('-o, --output <format>', 'the table, or report.json or the page as it is')
        .choices(FORMATS)
        .default('table'),
    )
    .addOption(
      new Option('--open', 'open the page in the browser instead; where there is none, say where it is').conflicts(
        'output',
      ),
    )
    .addOption(localOption())
    .addOption(volumeOption());
  return withOptions(command, [...filesOptions(), ...clusterOptions()])
    .addHelpText(
      'after',
      `
Examples:
  kubectl distill report cifar10-vgg16
  kubectl distill report cifar10-vgg16 --open
  kubectl distill report cifar10-vgg16 -o html > report.html
  kubectl-distill report --local -f job.yaml
  kubectl-distill report --local -f job.yaml --volume /data/distill`,
    )
    .action(report);
}

async function report(name: string | undefined, options: Options): Promise<void> {
  const { filename, open = false } = options;
  if (!isLocal(options)) {
    await (await import('../cluster/verbs/report.ts')).reportOnCluster(referenceOf(name, filename), options);
    return;
  }
  if (filename === undefined) {
    throw new DistillError('DISTILL_E_USAGE', '`report --local` takes the manifest, by -f.', { subject: 'report' });
  }
  const { reportHere } = await import('../local/verbs/report.ts');
  await reportHere({ filename, volume: options.volume ?? HERE }, { open, output: options.output });
}
