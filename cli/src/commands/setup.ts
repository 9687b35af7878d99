import { setUpNative } from '@distillation/native-addon/setup';
import { Command } from 'commander';

export function setupCommand(): Command {
  return new Command('setup')
    .summary('fetch or build the native backend, which `plan` and `run` do by themselves')
    .description(
      'Makes the native TensorFlow library usable: fetches its binary, or builds it against a TensorFlow wheel. `plan` and `run` do the ' +
        'same when it is not there. DISTILL_NATIVE=skip leaves it out, official and wheel try that way alone.',
    )
    .addHelpText('after', '\nExamples:\n  kubectl-distill setup')
    .action(async () => {
      const log = (line: string): void => {
        process.stdout.write(`${line}\n`);
      };
      log((await setUpNative(log)).summary);
    });
}
