import { DistillError, EXIT, describeError, toDistillError } from '@distillation/api/errors';
import { ConfigError } from '@distillation/kube/config-error';
import { CommanderError } from 'commander';
import { type Logger, pino } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { type OperatorOptions, isGracefulExit, parseOptions } from './options.ts';

/** The operator as a process: `node operator/src/main.ts --worker-image IMAGE`. */

const { version } = manifest;

function optionsOrExit(): OperatorOptions {
  try {
    return parseOptions(process.argv.slice(2), process.env, version);
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    // commander has already printed the help or the error.
    process.exit(isGracefulExit(thrown) ? EXIT.ok : EXIT.usage);
  }
}

function exitAt(log: Logger, code: number): (error: unknown) => never {
  return (error) => {
    log.fatal({ err: error }, 'unexpected error, exiting');
    process.exit(code);
  };
}

const options = optionsOrExit();
const log = pino({ level: options.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
process.on('uncaughtException', exitAt(log, EXIT.internal));
process.on('unhandledRejection', exitAt(log, EXIT.internal));

try {
  // Imported late, so that --help and usage errors do not wait for everything to load.
  const { startOperator } = await import('./operator.ts');
  const operator = await startOperator({
    options,
    version,
    log,
    onLost: (why) => {
      // Exit at once: another replica may already be leading.
      log.fatal({ why }, 'lost the lease, exiting');
      process.exit(EXIT.retry);
    },
  });
  const stop = (signal: NodeJS.Signals): void => {
    // A second signal kills the process.
    for (const each of ['SIGTERM', 'SIGINT'] as const) process.off(each, stop);
    log.info({ signal }, 'received a signal to stop');
    void operator.stop().then(() => {
      process.exit(EXIT.ok);
    });
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
} catch (thrown) {
  const error =
    thrown instanceof ConfigError
      ? new DistillError('DISTILL_E_USAGE', thrown.message, { cause: thrown })
      : toDistillError(thrown);
  log.fatal({ err: error }, describeError(error));
  process.exitCode = error.exitCode;
}
