import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Program, startProgram, writeManifest } from '../cli.ts';
import { buildPrograms, programPath } from '../programs.ts';
import { REFERENCE, tinyJob } from '../tiny-world.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the tiny world, with the finished reference job, which all files of the project take copies of. */
    readonly tinyWorld: string;
    /** Folder of the programs, which all tests of the project start. */
    readonly programs: string;
  }
}

/** Builds the programs, and makes the tiny world and its reference job, once for all files of the project `local`. @returns how to remove it */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = await mkdtemp(join(tmpdir(), 'distill-tiny-'));
  const programs = await mkdtemp(join(tmpdir(), 'distill-programs-'));
  const remove = async (): Promise<void> => {
    for (const folder of [root, programs]) await rm(folder, { recursive: true, force: true });
  };
  try {
    await buildPrograms(programs);
    await ended('the tiny world', startProgram(join(import.meta.dirname, 'make-world.ts'), root));
    const manifest = await writeManifest(root, REFERENCE, tinyJob(REFERENCE));
    const cli = programPath(programs, 'usual', 'cli');
    const run = ['run', '--local', '--filename', manifest, '--volume', root];
    await ended('its reference job', startProgram(cli, ...run));
  } catch (thrown) {
    await remove();
    throw thrown;
  }
  project.provide('tinyWorld', root);
  project.provide('programs', programs);
  return remove;
}

async function ended(what: string, program: Program): Promise<void> {
  const { code, stdout, stderr } = await program.ended;
  if (code !== 0) throw new Error(`${what} could not be made: ${stderr}\n${stdout}`);
}
