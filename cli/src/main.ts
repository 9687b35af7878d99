import { CommanderError } from 'commander';
import { EXIT, describeError, toDistillError } from '@distillation/api/errors';
import { commandFirst } from './command-first.ts';
import { mindOutputs } from './output-errors.ts';
import { complain } from './present/complain.ts';
import { program } from './program.ts';

/** `kubectl-distill`: the user's commands. kubectl finds it as `kubectl distill`. */

/** Runs a command line; resolves to the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    await program().parseAsync([...commandFirst(argv)], { from: 'user' });
    return EXIT.ok;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const error = toDistillError(thrown);
    complain(describeError(error));
    return error.exitCode;
  }
}

mindOutputs();
const code = await main(process.argv.slice(2));
// A command that ended without an error may still have something to say (doctor).
process.exitCode ??= code;
