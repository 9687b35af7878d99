import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { temporaryFile } from './testing.ts';
import { readZip } from './zip.ts';

/** What the tests of this folder share: the files that fixtures/make-files.py wrote. */

const path = fileURLToPath(new URL('./fixtures/files.zip', import.meta.url));
const files = readZip(await readFile(path), path);

/** What Keras computed for `pixels(input)`. */
interface Outputs {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly values: readonly number[];
}

export const outputsOfKeras = new Map(
  Object.entries(JSON.parse(String(files.get('references.json'))) as Record<string, Outputs>),
);

/** The bytes of a file of the bundle, such as `names.keras`. */
export function bundledBytes(name: string): Buffer {
  const content = files.get(name);
  if (content === undefined) throw new Error(`There is no file ${name}`);
  return content;
}

/** A file of the bundle unpacked; returns its path. */
export async function bundled(name: string): Promise<string> {
  return temporaryFile(name, bundledBytes(name));
}
