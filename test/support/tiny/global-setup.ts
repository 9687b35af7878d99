import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startProgram, writeManifest } from '../cli.ts';
import { programPath, providePrograms } from '../programs.ts';
import { REFERENCE, tinyJob } from '../tiny-world.ts';
import { endedWell, madeTinyWorld } from './made-world.ts';

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
    await madeTinyWorld(root);
    const manifest = await writeManifest(root, REFERENCE, tinyJob(REFERENCE));
    const cli = programPath(programs.folder, 'usual', 'cli');
    const run = ['run', '--local', '--filename', manifest, '--volume', root];
    await endedWell('its reference job', startProgram(cli, ...run));
  } catch (thrown) {
    await remove();
    throw thrown;
  }
  project.provide('tinyWorld', root);
  return remove;
}
