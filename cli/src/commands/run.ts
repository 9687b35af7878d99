import { Command, Option } from 'commander';
import { DistillError } from '@distillation/api/errors';
import { clusterOptions, isLocal, type SideOptions } from '../cluster/options.ts';
import { outputOption } from '../cluster/output.ts';
import type { RunOnClusterOptions } from '../cluster/verbs/run.ts';
import { binsOption, filenameOption, HERE, localOption, volumeOption, withOptions } from './manifest.ts';

export function runCommand(): Command {
  const command = new Command('run')
    .summary('run a job to its end, or go on with one that was interrupted')
    .description(
      'Runs a DistillationJob: plans it, trains its blocks in several workers, selects the good ones, assembles the student, ' +
        'fine-tunes and evaluates it, and writes student and report to spec.outputs.path. On a cluster it applies the manifest (as ' +
        '`kubectl apply --server-side`), says what that changed, and follows the job; Ctrl-C ends the following, not the job. With ' +
        '--local it may be killed at any time: the same command goes on from the last checkpoints and ends with the same student.',
    )
    .addOption(filenameOption())
    .addOption(binsOption())
    .addOption(new Option('--detach', 'apply the manifest and return'))
    .addOption(outputOption())
    .addOption(localOption())
    .addOption(volumeOption());
  return withOptions(command, clusterOptions())
    .addHelpText(
      'after',
      `
With -o it prints the job as it was applied and returns. Ended by Ctrl-C before
the job is over it exits with 75.

Examples:
  kubectl-distill run -f job.yaml                   apply it, then follow it
  kubectl-distill run -f job.yaml -n team-a --detach
  kubectl-distill run -f job.yaml --bins 4          the student is the same
  kubectl-distill run --local -f job.yaml           on this machine
  kubectl-distill run --local -f job.yaml --volume /data/distill
  kubectl-distill run --local -f job.yaml | tee log  a line for each change`,
    )
    .action(run);
}

async function run({ local, volume, ...options }: RunOnClusterOptions & SideOptions): Promise<void> {
  if (!isLocal({ ...(local !== undefined && { local }), ...(volume !== undefined && { volume }) })) {
    const { runOnCluster } = await import('../cluster/verbs/run.ts');
    await runOnCluster(options);
    return;
  }
  if (options.detach === true || options.output !== undefined) {
    throw new DistillError(
      'DISTILL_E_USAGE',
      '--detach and -o are for a cluster: with --local the job runs in this process.',
    );
  }
  const { filename, bins } = options;
  const { runHere } = await import('../local/verbs/run.ts');
  await runHere({ filename, volume: volume ?? HERE, ...(bins !== undefined && { bins }) });
}
