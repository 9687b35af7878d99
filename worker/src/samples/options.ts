import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DistillError } from '@distillation/api/errors';
import { IMAGE_SAMPLES } from '@distillation/api/transfer';

/** What `worker samples` is asked for. */
export interface Asked {
  readonly volume: string;
  readonly registry: URL;
  /** Folder with `teachers/`. */
  readonly from: string;
}

const REGISTRY = 'https://registry.npmjs.org';

export const usage = (message: string, cause?: unknown): DistillError =>
  new DistillError('DISTILL_E_USAGE', message, { cause });

/** @throws DistillError DISTILL_E_USAGE */
export function parsed(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Asked {
  const { values, positionals } = options(argv);
  if (positionals.length > 0) throw usage(`${positionals.join(' ')} is not understood after samples.`);
  const volume = firstGiven(values.volume);
  if (volume === undefined) throw usage('--volume is needed.');
  // npm's own names for the same, one of which shells cannot set.
  const named = firstGiven(values.registry, env['npm_config_registry'], env['NPM_CONFIG_REGISTRY']) ?? REGISTRY;
  return { volume: resolve(volume), registry: registryAt(named), from: firstGiven(values.from) ?? IMAGE_SAMPLES };
}

function registryAt(named: string): URL {
  // The address is in each line of the log, which a password must not reach.
  const shown = named.replace(/^(\w+:\/\/)?.*@/s, '$1');
  if (shown !== named) {
    throw usage(
      `The registry ${shown} is named with a user or a password before its @: name a mirror that asks for none.`,
    );
  }
  const registry = URL.parse(named);
  if (registry === null || !/^https?:$/.test(registry.protocol))
    throw usage(`The registry ${named} is no address that begins with https:// or http://.`);
  return registry;
}

/** The first that is there and not empty. */
const firstGiven = (...texts: readonly (string | undefined)[]): string | undefined =>
  texts.find((text) => text !== undefined && text !== '');

type Options = Readonly<Partial<Record<'volume' | 'registry' | 'from', string>>>;

function options(argv: readonly string[]): { values: Options; positionals: string[] } {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { volume: text, registry: text, from: text },
    });
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : String(cause));
  }
}
