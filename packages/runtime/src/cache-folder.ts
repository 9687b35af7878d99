import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/**
 * The project's part of the user's cache folder: `$XDG_CACHE_HOME/distillation-operator`, by default below `~/.cache`. A relative path in
 * the variable does not count (XDG Base Directory Specification).
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env['XDG_CACHE_HOME'] ?? '';
  return join(base.startsWith('/') ? base : join(homedir(), '.cache'), 'distillation-operator');
}
