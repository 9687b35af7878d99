import { Command } from 'commander';
import { isLocal, type SideOptions } from '../cluster/options.ts';
import { filenameOption, HERE, localOption, requireLocal, volumeOption } from './manifest.ts';

interface ReportOptions extends SideOptions {
  readonly filename: string;
}

export function reportCommand(): Command {
  return new Command('report')
    .summary('show what came out of a job, or how far it is')
    .description(
      'Shows teacher and student of a finished job side by side and where student and report lie; of an unfinished job, how far ' +
        'it is, whether anything works on it, and the error that stopped it. Only reads the volume.',
    )
    .addOption(filenameOption())
    .addOption(localOption())
    .addOption(volumeOption())
    .addHelpText(
      'after',
      `
Examples:
  kubectl-distill report --local -f job.yaml
  kubectl-distill report --local -f job.yaml --volume /data/distill`,
    )
    .action(report);
}

async function report({ filename, ...side }: ReportOptions): Promise<void> {
  if (!isLocal(side)) requireLocal('report', filename);
  const { reportHere } = await import('../local/verbs/report.ts');
  await reportHere({ filename, volume: side.volume ?? HERE });
}
