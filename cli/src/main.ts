import { Command, CommanderError } from 'commander';
import { EXIT, describeError, toDistillError } from '@distillation/api/errors';
import { runCommand } from './commands/run.ts';

/** `kubectl-distill`: the user's commands. kubectl finds it as `kubectl distill`. */

function program(): Command {
  const root = new Command('kubectl-distill')
    .description('Make trained convolutional networks smaller by parallel blockwise distillation.')
    .showHelpAfterError()
    .exitOverride();
  root
    .command('run')
    .description('run a DistillationJob; it may be interrupted at any time and run again, and goes on where it was')
    .requiredOption('-f, --filename <file>', 'manifest of the job')
    .option('--local', 'on this machine, with processes for pods and a folder for the volume')
    .option('--volume <folder>', 'with --local: folder that the job’s paths are relative to', '.')
    .option('--bins <number>', 'with --local: workers at once, instead of spec.scheduling.bins')
    .action(runCommand);
  return root;
}

/** Runs a command line; resolves to the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
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

process.exitCode = await main(process.argv.slice(2));
