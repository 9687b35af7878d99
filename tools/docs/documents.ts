import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Every Markdown file of the repository that is there, by its path from the root; new ones too that git does not yet track. */
export const DOCUMENTS: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'],
  { cwd: ROOT, encoding: 'utf8' },
)
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));

/** Those of users: README, `docs/` and the chart's. */
export const USER_DOCUMENTS = DOCUMENTS.filter((path) => /^(README\.md|docs\/.*|charts\/.*)$/.test(path));

/** Text of a file by its path from the root. */
export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
