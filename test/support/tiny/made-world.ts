import { join } from 'node:path';
import { type Program, startProgram } from '../cli.ts';

/** Makes the tiny world in a folder, by a process of its own: the one that sets up a project does not load TensorFlow. */
export const madeTinyWorld = (folder: string): Promise<void> =>
  endedWell('the tiny world', startProgram(join(import.meta.dirname, 'make-world.ts'), folder));

/** @throws Error with what the program said, when it did not end well */
export async function endedWell(what: string, program: Program): Promise<void> {
  const { code, stdout, stderr } = await program.ended;
  if (code !== 0) throw new Error(`${what} could not be made: ${stderr}\n${stdout}`);
}
