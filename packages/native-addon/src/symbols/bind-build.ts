import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadedWith } from '../addon.ts';
import { bindSymbols } from './bind-symbols.ts';

/** TensorFlow itself, in its wheel. */
export const LIBRARIES: readonly string[] = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** As the licence asks for (Apache-2.0, section 4b). */
const NOTICE = `${LIBRARIES.join(' and ')} are those of TensorFlow's Python wheel (Apache-2.0), with one change: references of a library
to symbols that it alone defines are bound (relocations of the type R_X86_64_RELATIVE). Code and data are as they were.
`;

/**
 * Binds what TensorFlow's libraries ask of themselves (ADR 31), so that each process loads them in a quarter of the time. A build of which
 * that is not possible works as it is.
 * @param folder contains `ADDON`, and the libraries in `deps/lib`
 * @returns what was done, for a log
 * @throws Error with the reason why nothing was
 */
export async function bindBuild(folder: string): Promise<string> {
  const place = join(folder, 'deps', 'lib');
  const libraries = LIBRARIES.map((name) => join(place, name));
  const bound = await bindSymbols(libraries, await loadedWith(folder));
  if (bound > 0) await writeFile(join(place, 'NOTICE'), NOTICE);
  return `${bound} references of TensorFlow's libraries to themselves are bound`;
}
