import { Command } from 'commander';
import { isLocal, type SideOptions } from '../cluster/options.ts';
import { filenameOption, HERE, localOption, requireLocal, volumeOption } from './manifest.ts';

interface WatchOptions extends SideOptions {
  readonly filename: string;
}

export function watchCommand(): Command {
  return new Command('watch')
    .summary('follow a job that another process runs, until it ends')
    .description(
      'Shows a live table of a job that runs elsewhere: another terminal, another machine with the same volume. Only reads; ' +
        'Ctrl-C ends the watching, not the job. Ends with the results when the job does, or with an error when it has stopped.',
    )
    .addOption(filenameOption())
    .addOption(localOption())
    .addOption(volumeOption())
    .addHelpText(
      'after',
      `
Examples:
  kubectl-distill watch --local -f job.yaml
  kubectl-distill watch --local -f job.yaml --volume /mnt/distill`,
    )
    .action(watch);
}

async function watch({ filename, ...side }: WatchOptions): Promise<void> {
  if (!isLocal(side)) requireLocal('watch', filename);
  const { watchHere } = await import('../local/verbs/watch.ts');
  await watchHere({ filename, volume: side.volume ?? HERE });
}
