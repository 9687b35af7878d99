import { Command } from 'commander';
import { isLocal, type SideOptions } from '../cluster/options.ts';
import { binsOption, filenameOption, HERE, localOption, refusePlanOnCluster, volumeOption } from './manifest.ts';

interface PlanOptions extends SideOptions {
  readonly filename: string;
  readonly bins?: number;
}

export function planCommand(): Command {
  return new Command('plan')
    .summary('show what a job would do and how long, without training')
    .description(
      'Checks teacher and data set and shows the plan: the layers that would be replaced, what each block costs, which worker ' +
        'trains it, how long that is expected to take on other numbers of workers, and the layers that stay, with the reason. ' +
        'It leaves on the volume only what `run` begins with, so a later `run` does not plan again.',
    )
    .addOption(filenameOption())
    .addOption(localOption())
    .addOption(volumeOption())
    .addOption(binsOption())
    .addHelpText(
      'after',
      `
Costs are estimated in multiply-accumulates. With spec.scheduling.costSource: Measured the planner times a few steps of each block
on this machine, and the tables show seconds.

Examples:
  kubectl-distill plan --local -f job.yaml
  kubectl-distill plan --local -f job.yaml --volume /data/distill --bins 4`,
    )
    .action(plan);
}

async function plan({ filename, bins, ...side }: PlanOptions): Promise<void> {
  if (!isLocal(side)) refusePlanOnCluster(filename);
  const { planHere } = await import('../local/verbs/plan.ts');
  await planHere({ filename, volume: side.volume ?? HERE, ...(bins !== undefined && { bins }) });
}
