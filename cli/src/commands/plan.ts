import { scheduleBlocks } from '@distillation/core/schedule';
import { Command } from 'commander';
import { localDisplay } from '../local/display.ts';
import { planLocal } from '../local/run.ts';
import { forecastTable } from '../present/forecast.ts';
import { planTable } from '../present/plan-table.ts';
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

interface PlanOptions extends JobOptions {
  readonly local?: boolean;
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

async function plan({ local, filename, volume, bins }: PlanOptions): Promise<void> {
  requireLocal(local, 'plan', filename);
  const job = withBins(await readManifest(filename), bins);
  const folder = await volumeFolder(volume);
  const { scheduling } = job.spec;
  const display = localDisplay(process.stderr);
  await prepareBackend((line) => {
    display.log(line);
  });
  const made = await planLocal({ job, volume: folder, display, signal: interruption() });
  display.clear();
  const schedule = scheduleBlocks(made.blocks, made.epochs, scheduling);
  process.stdout.write(`${planTable(made, schedule)}\n\n${forecastTable(made, scheduling)}\n`);
}
