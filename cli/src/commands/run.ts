import { Command } from 'commander';
import { isLocal, type SideOptions } from '../cluster/options.ts';
import { binsOption, filenameOption, HERE, localOption, requireLocal, volumeOption } from './manifest.ts';

interface RunOptions extends SideOptions {
  readonly filename: string;
  readonly bins?: number;
}

export function runCommand(): Command {
  return new Command('run')
    .summary('run a job to its end, or go on with one that was interrupted')
    .description(
      'Runs a DistillationJob: plans it, trains its blocks in several workers, selects the good ones, assembles the student, ' +
        'fine-tunes and evaluates it, and writes student and report to spec.outputs.path. It may be interrupted or killed at any ' +
        'time: the same command goes on from the last checkpoints and ends with the same student.',
    )
    .addOption(filenameOption())
    .addOption(localOption())
    .addOption(volumeOption())
    .addOption(binsOption())
    .addHelpText(
      'after',
      `
Examples:
  kubectl-distill run --local -f job.yaml                        paths relative to the current folder
  kubectl-distill run --local -f job.yaml --volume /data/distill paths relative to /data/distill
  kubectl-distill run --local -f job.yaml --bins 4               four workers; the student is the same
  kubectl-distill run --local -f job.yaml | tee job.log          a line for each change instead of a table`,
    )
    .action(run);
}

async function run({ filename, bins, ...side }: RunOptions): Promise<void> {
  if (!isLocal(side)) requireLocal('run', filename);
  const { runHere } = await import('../local/verbs/run.ts');
  await runHere({ filename, volume: side.volume ?? HERE, ...(bins !== undefined && { bins }) });
}
