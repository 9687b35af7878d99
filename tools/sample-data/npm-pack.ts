import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DistillError } from '@distillation/api/errors';

/** npm retries connections that do not come about, and no download that breaks off: how often it is started. */
const ATTEMPTS = 3;

/** Of npm's errors, those that another attempt does not mend. */
const FINAL = /\b(E404|ETARGET|E401|E403|EUSAGE|EINVALIDPACKAGENAME)\b/;

/**
 * Fetches a package's tarball by `npm pack`: registry, proxies, certificates, cache and integrity are npm's, as set on this machine.
 * @param spec such as `name@1.0.0`
 * @param folder an empty folder
 * @returns the tarball's path
 * @throws DistillError DISTILL_E_FETCH with npm's own words, DISTILL_E_FETCH_INTEGRITY
 */
export async function npmPack(spec: string, folder: string): Promise<string> {
  // Under `npm start` npm tells where it is; else it is the one on the path.
  const script = process.env['npm_execpath'];
  const [command, args] = script === undefined ? ['npm', []] : [process.execPath, [script]];
  for (let attempt = 1; ; attempt++) {
    const problem = await promisify(execFile)(
      command,
      [...args, 'pack', spec, '--pack-destination', folder, '--loglevel=error', '--no-update-notifier'],
      { shell: script === undefined && process.platform === 'win32' },
    ).then(
      () => undefined,
      (thrown: unknown) => wordsOf(thrown),
    );
    const file = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
    if (problem === undefined && file !== undefined) return join(folder, file);
    if (attempt < ATTEMPTS && !FINAL.test(problem ?? '')) continue;
    const code = /\bEINTEGRITY\b/.test(problem ?? '') ? 'DISTILL_E_FETCH_INTEGRITY' : 'DISTILL_E_FETCH';
    throw new DistillError(code, `Fetching ${spec} by npm failed: ${problem ?? 'it left no file'}.`, { subject: spec });
  }
}

/** What npm wrote of its failure, in one line. */
function wordsOf(thrown: unknown): string {
  const written = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr) : '';
  const lines = written
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('A complete log'));
  return (lines.join(' ') || (thrown instanceof Error ? thrown.message : String(thrown))).replace(/\.$/, '');
}
