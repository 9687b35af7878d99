import { Command, CommanderError } from 'commander';
import { EXIT, describeError, toDistillError } from '@distillation/api/errors';
import { doctorCommand } from './commands/doctor.ts';
import { fetchCommand } from './commands/fetch.ts';
import { planCommand } from './commands/plan.ts';
import { pushCommand } from './commands/push.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { setupCommand } from './commands/setup.ts';
import { validateCommand } from './commands/validate.ts';
import { watchCommand } from './commands/watch.ts';

/** `kubectl-distill`: the user's commands. kubectl finds it as `kubectl distill`. */

/** The commands, by the headings under which the help lists them. */
const COMMANDS = {
  'A job, with --local on this machine:': [planCommand, runCommand, watchCommand, reportCommand, doctorCommand],
  'Files on a cluster:': [pushCommand, fetchCommand],
  'Before a job:': [validateCommand, setupCommand],
} as const;

function program(): Command {
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
  kubectl-distill validate -f job.yaml          is the manifest right?
  kubectl-distill plan --local -f job.yaml      what would be replaced, and how long would it take?
  kubectl-distill run --local -f job.yaml       do it; run it again after an interruption
  kubectl-distill watch --local -f job.yaml     follow it from another terminal
  kubectl-distill report --local -f job.yaml    what came out?
  kubectl-distill doctor --local -f job.yaml    what is wrong?

Exit status: 0 done · 64 usage · 65 fix the input · 70 defect · 75 try again · 78 fix the machine`,
    );
  for (const [heading, commands] of Object.entries(COMMANDS)) {
    for (const make of commands) root.addCommand(make().helpGroup(heading));
  }
  for (const command of [root, ...root.commands]) command.exitOverride().showHelpAfterError('(--help shows how)');
  return root;
}

/** Runs a command line; resolves to the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    await program().parseAsync([...argv], { from: 'user' });
    return EXIT.ok;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const error = toDistillError(thrown);
    process.stderr.write(`${describeError(error)}\n`);
    return error.exitCode;
  }
}

const code = await main(process.argv.slice(2));
// A command that ended without an error may still have something to say (doctor).
process.exitCode ??= code;
