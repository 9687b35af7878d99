import { parseArgs } from 'node:util';
import { DistillError, EXIT, describeError, toDistillError } from '@distillation/api/errors';
import { isMain } from './is-main.ts';
import type { Invocation } from './commands/invocation.ts';
import { writeTermination } from './commands/termination.ts';

/** The worker's entry: the same three subcommands in a pod and as a child process on a laptop. */

const HELP = `usage: worker plan|train|finalize --job FILE --volume FOLDER [--bin N] [--gpu required]

  plan       check teacher and data, list the layers and their costs, write plan.json
  train      train the blocks of one bin (--bin), and what other bins leave over
  finalize   measure, select, assemble, fine-tune, evaluate, export, report

  --job FILE        the DistillationJob, with defaults filled in
  --volume FOLDER   root of the volume that the job's paths are relative to
  --bin N           index of the bin in schedule.json, from 0
  --gpu required    fail rather than compute on a CPU

exit status: 0 done · 64 usage · 65 fix the input · 70 defect · 75 try again
`;

function invocation(argv: readonly string[]): { command: string; call: Invocation } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        job: { type: 'string' },
        volume: { type: 'string' },
        bin: { type: 'string' },
        gpu: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const [command] = positionals;
    if (values.help === true || command === undefined)
      return { command: 'help', call: { job: '', volume: '', gpuRequired: false } };
    if (values.job === undefined || values.volume === undefined) throw new Error('--job and --volume are needed');
    const bin = values.bin === undefined ? undefined : Number(values.bin);
    if (bin !== undefined && !(Number.isInteger(bin) && bin >= 0))
      throw new Error(`--bin ${values.bin ?? ''} is not a bin index`);
    const base = { job: values.job, volume: values.volume, gpuRequired: values.gpu === 'required' };
    return { command, call: bin === undefined ? base : { ...base, bin } };
  } catch (cause) {
    throw new DistillError('DISTILL_E_USAGE', cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Runs one subcommand; resolves to the exit code. Every failure is one line on stderr and in the termination message. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const { command, call } = invocation(argv);
    // Loaded on demand: help and usage errors need no TensorFlow.
    switch (command) {
      case 'help':
        process.stdout.write(HELP);
        return EXIT.ok;
      case 'plan':
        await (await import('./commands/plan.ts')).plan(call);
        return EXIT.ok;
      case 'train':
        await (await import('./commands/train.ts')).train(call);
        return EXIT.ok;
      case 'finalize':
        await (await import('./commands/finalize.ts')).finalize(call);
        return EXIT.ok;
      default:
        throw new DistillError('DISTILL_E_USAGE', `There is no subcommand ${command}.`, { subject: command });
    }
  } catch (thrown) {
    const error = toDistillError(thrown);
    process.stderr.write(`${describeError(error)}\n`);
    if (error.code === 'DISTILL_E_INTERNAL')
      process.stderr.write(`${error.cause instanceof Error ? (error.cause.stack ?? '') : ''}\n`);
    await writeTermination({ code: error.code, reason: error.reason, message: error.message, fix: error.fix });
    return error.exitCode;
  }
}

if (isMain(import.meta.url)) {
  // A parent that was killed reads the log no longer; what is under way is still brought to its end.
  process.stderr.on('error', () => undefined);
  process.exit(await main(process.argv.slice(2)));
}
