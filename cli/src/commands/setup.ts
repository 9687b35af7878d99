import { Command } from 'commander';

export function setupCommand(): Command {
  return new Command('setup')
    .summary('fetch or build the native backend, which `plan` and `run` with --local do by themselves')
    .description(
      'Makes the native TensorFlow library usable on this machine: fetches its binary, or builds it against a TensorFlow wheel. `plan` and ' +
        '`run` with --local do the same when it is not there. DISTILL_NATIVE=skip leaves it out, official and wheel try that way alone.',
    )
    .addHelpText('after', '\nExamples:\n  kubectl-distill setup')
    .action(async () => {
      const { requireLocalPackages } = await import('../local/packages.ts');
      requireLocalPackages();
      const { setUpNative } = await import('@distillation/native-addon/setup');
      const log = (line: string): void => {
        process.stdout.write(`${line}\n`);
      };
      log((await setUpNative(log)).summary);
    });
}
