import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Program, startProgram, startRun, writeManifest } from '../cli.ts';
import { REFERENCE, tinyJob } from '../tiny-world.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the tiny world, with the finished reference job, which all files of the project take copies of. */
    readonly tinyWorld: string;
  }
}

/** Makes the tiny world and its reference job once for all files of the project `local`. @returns how to remove it */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = await mkdtemp(join(tmpdir(), 'distill-tiny-'));
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  try {
    await ended('the tiny world', startProgram('test/support/tiny/make-world.ts', root));
    await ended('its reference job', startRun(root, await writeManifest(root, REFERENCE, tinyJob(REFERENCE))));
  } catch (thrown) {
    await remove();
    throw thrown;
  }
  project.provide('tinyWorld', root);
  return remove;
}

async function ended(what: string, program: Program): Promise<void> {
  const { code, stdout, stderr } = await program.ended;
  if (code !== 0) throw new Error(`${what} could not be made: ${stderr}\n${stdout}`);
}
