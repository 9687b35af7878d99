import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { shellBlocks } from '../../tools/docs/shell.ts';
import { builtProgram } from '../support/cli.ts';
import { tinyJob } from '../support/tiny-world.ts';

/** The commands by which README and user guide have a job run on this machine, as they stand, in a folder with a tiny job. */

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distill-documents-'));
  for (const name of ['data', 'teacher'])
    await cp(join(inject('tinyWorld'), name), join(folder, name), { recursive: true });
  await writeFile(join(folder, 'job.yaml'), JSON.stringify(tinyJob('jobs/tiny')));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** `npx` finds the program that npm has linked; here it is the one that was built for the tests. */
async function typed(block: string): Promise<string> {
  const programs = `npx() { "$@"; }\nkubectl-distill() { "${process.execPath}" "${builtProgram('cli')}" "$@"; }`;
  const script = `${programs}\n${block.replaceAll('/data/distill', folder)}`;
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, maxBuffer: 1 << 24 });
  return stdout;
}

it.each([
  { document: 'README.md', heading: 'Try it', index: 2, said: 'test accuracy' },
  { document: 'docs/own-network.md', heading: 'Run it', index: 0, said: 'test accuracy' },
  { document: 'docs/user-guide.md', heading: 'Quick start', index: 1, said: 'test accuracy' },
  { document: 'docs/user-guide.md', heading: 'Writing the manifest', index: 0, said: 'learningRate' },
  { document: 'docs/user-guide.md', heading: 'When something goes wrong', index: 0, said: 'teacher' },
])('$document, $heading: block $index says $said', async ({ document, heading, index, said }) => {
  const block = shellBlocks(await readFile(join(ROOT, document), 'utf8'), heading)[index] ?? '';
  expect(block).not.toBe('');
  expect(await typed(block)).toContain(said);
});
