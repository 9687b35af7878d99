import { Command } from 'commander';
import { cancelCommand, resumeCommandOfCluster, retryCommand, suspendCommand } from './commands/change.ts';
import { completionCommand } from './commands/completion.ts';
import { doctorCommand } from './commands/doctor.ts';
import { fetchCommand } from './commands/fetch.ts';
import { getCommand } from './commands/get.ts';
import { logsCommand } from './commands/logs.ts';
import { planCommand } from './commands/plan.ts';
import { pushCommand } from './commands/push.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { setupCommand } from './commands/setup.ts';
import { validateCommand } from './commands/validate.ts';
import { versionCommand } from './commands/version.ts';
import { watchCommand } from './commands/watch.ts';

/** The commands, by the headings under which the help lists them. */
const COMMANDS = {
  'A job, on a cluster or with --local on this machine:': [
    planCommand,
    runCommand,
    watchCommand,
    reportCommand,
    doctorCommand,
  ],
  'A job on a cluster:': [getCommand, logsCommand, suspendCommand, resumeCommandOfCluster, retryCommand, cancelCommand],
  'Files on a cluster:': [pushCommand, fetchCommand],
  'Before a job:': [validateCommand, setupCommand],
  'The program:': [versionCommand, completionCommand],
} as const;

/** The program with all its commands; nothing is loaded of what they do. */
export function program(): Command {
  const root = new Command('kubectl-distill')
    .usage('<command> [options]')
    .description(
      'Makes a trained convolutional network smaller and faster, by parallel blockwise distillation. What to do is written in a ' +
        'manifest, a DistillationJob; docs/user-guide.md shows how to write one.',
    )
    .addHelpText(
      'after',
      `
Examples:
  kubectl-distill validate -f job.yaml        is the manifest right?
  kubectl-distill plan -f job.yaml            what would it do; is there room?
  kubectl-distill run -f job.yaml             do it there, and follow it
  kubectl-distill watch cifar10-vgg16         follow it from another terminal
  kubectl-distill get -A -o wide              all jobs, with their results
  kubectl-distill report cifar10-vgg16        what came out?
  kubectl-distill doctor cifar10-vgg16        what is wrong?
  kubectl-distill plan --local -f job.yaml    what would it do, and take?
  kubectl-distill run --local -f job.yaml     do it here; run it again to go on

Exit status: 0 done · 64 usage · 65 fix the input · 70 defect · 75 try again
· 78 fix the machine`,
    );
  for (const [heading, commands] of Object.entries(COMMANDS)) {
    for (const make of commands) root.addCommand(make().helpGroup(heading));
  }
  for (const command of [root, ...root.commands]) command.exitOverride().showHelpAfterError('(--help shows how)');
  return root;
}
