import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parsed } from './options.ts';

function errorOf(argv: readonly string[], env: Readonly<Record<string, string>> = {}): unknown {
  try {
    return parsed(argv, env);
  } catch (thrown) {
    return thrown;
  }
}

describe('options of samples', () => {
  it.each([
    [[], /--volume is needed/],
    [['--volume', 'x', '--registry', 'ftp://x'], /ftp:\/\/x is no address/],
    [['--volume', ''], /--volume is needed/],
    [['--volume', 'x', 'y'], /y is not understood/],
    [['--volumes', 'x'], /--volumes/],
  ])('refuses %j', (argv, message) => {
    expect(errorOf(argv)).toMatchObject({
      code: 'DISTILL_E_USAGE',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    'https://user:secret@registry.example/npm/',
    'https://secret@registry.example/npm/',
    'https://user:sec/r@et@registry.example/npm/',
    'ftp://user:secret@registry.example/npm/',
    'user:secret@registry.example/npm/',
  ])('refuses the registry %s without saying its password', (registry) => {
    for (const [argv, env] of [
      [['--registry', registry], {}],
      [[], { npm_config_registry: registry }],
    ] as const) {
      const thrown = errorOf(['--volume', 'x', ...argv], env);
      expect(thrown).toMatchObject({ code: 'DISTILL_E_USAGE', exitCode: 64 });
      expect(String(thrown)).toMatch(/registry\.example\/npm\/ is named with a user or a password/);
      expect(inspect(thrown)).not.toMatch(/user:|sec/);
    }
  });
});
