import { homedir } from 'node:os';
import { expect, it } from 'vitest';
import { cacheFolder } from './cache-folder.ts';

it.each([
  ['/cache', '/cache/distillation-operator'],
  ['', `${homedir()}/.cache/distillation-operator`],
  [undefined, `${homedir()}/.cache/distillation-operator`],
  ['relative/cache', `${homedir()}/.cache/distillation-operator`],
])('with XDG_CACHE_HOME=%s the cache is %s', (base, expected) => {
  expect(cacheFolder(base === undefined ? {} : { XDG_CACHE_HOME: base })).toBe(expected);
});
