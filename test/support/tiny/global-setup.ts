import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Program, startProgram, writeManifest } from '../cli.ts';
import { programPath, providePrograms } from '../programs.ts';
import { REFERENCE, tinyJob } from '../tiny-world.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the tiny world, with the finished reference job, which all files of the project take copies of. */
    readonly tinyWorld: string;
  }
}

/** Builds the programs, and makes the tiny world and its reference job, once for all files of the project `local`. @returns how to remove it */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = await mkdtemp(join(tmpdir(), 'distill-tiny-'));
  const programs = await providePrograms(project, ['usual', 'held', 'no-native']);
  const remove = async (): Promise<void> => {
    await rm(root, { recursive: true, force: true });
    await programs.remove();
  };
  try {
    await ended('the tiny world', startProgram(join(import.meta.dirname, 'make-world.ts'), root));
    const manifest = await writeManifest(root, REFERENCE, tinyJob(REFERENCE));
    const cli = programPath(programs.folder, 'usual', 'cli');
    const run = ['run', '--local', '--filename', manifest, '--volume', root];
    await ended('its reference job', startProgram(cli, ...run));
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
