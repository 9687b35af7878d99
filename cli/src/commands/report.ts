import { DistillError } from '@distillation/api/errors';
import { Argument, Command, Option } from 'commander';
import { onCluster } from '../cluster/access.ts';
import { fetchReport } from '../cluster/files/fetch.ts';
import { getJob } from '../cluster/jobs.ts';
import { clusterView } from '../cluster/status/view.ts';
import { clusterOptions, isLocal, type SideOptions } from '../cluster/options.ts';
import { widthOf } from '../present/columns.ts';
import { endTable } from '../present/end-table.ts';
import { liveTable } from '../present/live-table.ts';
import { resultsOf, resultsPod } from './fetch.ts';
import { copyFiles, filesOptions, type FilesOptions } from './files-options.ts';
import { HERE, localOption, readManifest, volumeOption, withOptions } from './manifest.ts';

const FORMATS = ['table', 'json', 'html'] as const;

interface ReportOptions extends SideOptions, FilesOptions {
  readonly filename?: string;
  readonly output: (typeof FORMATS)[number];
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
      new Option('-o, --output <format>', 'on a cluster: the table, or report.json or the page as it is')
        .choices(FORMATS)
        .default('table'),
    )
    .addOption(localOption())
    .addOption(volumeOption());
  return withOptions(command, [...filesOptions(), ...clusterOptions()])
    .addHelpText(
      'after',
      `
Examples:
  kubectl distill report cifar10-vgg16
  kubectl distill report cifar10-vgg16 -o html > report.html
  kubectl-distill report --local -f job.yaml
  kubectl-distill report --local -f job.yaml --volume /data/distill`,
    )
    .action(report);
}

async function report(name: string | undefined, options: ReportOptions): Promise<void> {
  const { filename } = options;
  if (isLocal(options)) {
    if (filename === undefined) throw usage('`report --local` takes the manifest, by -f.');
    const { reportHere } = await import('../local/verbs/report.ts');
    await reportHere({ filename, volume: options.volume ?? HERE });
    return;
  }
  if ((name === undefined) === (filename === undefined)) throw usage('`report` takes the name of a job, or -f.');
  const manifest = filename === undefined ? undefined : (await readManifest(filename, 'Cluster')).metadata;
  const namespace = options.namespace ?? manifest?.namespace;
  await reportThere(name ?? manifest?.name ?? '', { ...options, ...(namespace !== undefined && { namespace }) });
}

async function reportThere(name: string, options: ReportOptions): Promise<void> {
  const job = await onCluster(options, (access) => getJob(access, name));
  if (job.status?.result === undefined && options.output === 'table') {
    process.stdout.write(`${liveTable(clusterView(job, new Date()), widthOf(process.stdout)).join('\n')}\n`);
    return;
  }
  const results = resultsOf(job);
  const { report: found, ...texts } = await copyFiles(
    options,
    async (place) => ({ about: results, pod: await resultsPod(place, job, options.image) }),
    (open) => fetchReport(open, results),
  );
  const volume = `${job.spec.cluster.volume?.claimName ?? ''}:${job.spec.outputs.path}`;
  process.stdout.write(options.output === 'table' ? `${endTable(found, volume)}\n` : texts[options.output]);
}

const usage = (message: string): DistillError => new DistillError('DISTILL_E_USAGE', message, { subject: 'report' });
