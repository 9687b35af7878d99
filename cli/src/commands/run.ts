import { Command } from 'commander';
import { localDisplay } from '../local/display.ts';
import { runLocal } from '../local/run.ts';
import {
  binsOption,
  filenameOption,
  interruption,
  type JobOptions,
  localOption,
  prepareBackend,
  readManifest,
  requireLocal,
  volumeFolder,
  volumeOption,
  withBins,
} from './manifest.ts';

interface RunOptions extends JobOptions {
  readonly local?: boolean;
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

async function run({ local, filename, volume, bins }: RunOptions): Promise<void> {
  requireLocal(local, 'run', filename);
  const job = withBins(await readManifest(filename), bins);
  const folder = await volumeFolder(volume);
  const display = localDisplay(process.stdout);
  await prepareBackend((line) => {
    display.log(line);
  });
  const result = await runLocal({ job, volume: folder, display, signal: interruption() });
  display.finish(result);
  if (result.failure !== undefined) throw result.failure;
}
