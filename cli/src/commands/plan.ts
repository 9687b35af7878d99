import { DistillError } from '@distillation/api/errors';
import { Command, Option } from 'commander';
import { filesOptions } from '../cluster/files/options.ts';
import { clusterOptions, isLocal, type SideOptions } from '../cluster/options.ts';
import type { PlanOptions } from '../cluster/verbs/plan.ts';
import { binsOption, filenameOption, HERE, localOption, volumeOption, withOptions } from './manifest.ts';

interface Options extends SideOptions, PlanOptions {
  readonly server?: boolean;
}

export function planCommand(): Command {
  const command = new Command('plan')
    .summary('show what a job would do and take, without training')
    .description(
      'Checks teacher and data set and shows the plan: the layers that would be replaced, what each block costs, which worker ' +
        'trains it, how much that is on other numbers of workers, and the layers that stay, with the reason. On a ' +
        'cluster also what its pods ask for, and whether quotas and nodes have room for them; the worker plans in a pod that is made ' +
        'for it and deleted, and neither a job nor anything on the volume comes of it. With --local it leaves on the volume only what ' +
        '`run` begins with, so a later `run` does not plan again.',
    )
    .addOption(filenameOption())
    .addOption(binsOption())
    .addOption(new Option('-o, --output <format>', 'for programs').choices(['json', 'yaml']))
    .addOption(new Option('--server', 'on the cluster, as without --local'))
    .addOption(localOption())
    .addOption(volumeOption());
  return withOptions(command, [...filesOptions('it plans'), ...clusterOptions()])
    .addHelpText(
      'after',
      `
Costs are estimated in multiply-accumulates, with what is read and written
counted as such. With spec.scheduling.costSource: Measured the planner times a
few steps of each block where it runs, on a cluster with the GPUs of a worker,
and the tables show seconds.

Examples:
  kubectl-distill plan -f job.yaml
  kubectl-distill plan -f job.yaml -n team-a --bins 4 -o json
  kubectl-distill plan --local -f job.yaml
  kubectl-distill plan --local -f job.yaml --volume /data/distill --bins 4`,
    )
    .action(plan);
}

async function plan({ server = false, ...options }: Options): Promise<void> {
  if (!isLocal(options)) {
    await (await import('../cluster/verbs/plan.ts')).planOnCluster(options);
    return;
  }
  if (server) {
    throw new DistillError('DISTILL_E_USAGE', '--server is for a cluster, and --local or --volume for this machine.', {
      subject: '--server',
      fix: 'Leave one of them out.',
    });
  }
  const { filename, bins, volume = HERE, output } = options;
  const { planHere } = await import('../local/verbs/plan.ts');
  await planHere({ filename, volume, ...(bins !== undefined && { bins }), ...(output !== undefined && { output }) });
}
