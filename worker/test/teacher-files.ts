import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { temporaryFile } from './teacher.ts';
import { readZip } from '../src/teacher/files/zip.ts';

/** Shared by the tests of this folder: the files written by fixtures/networks/make-files.py and make-user-files.py. */

/** What Keras computed for `pixels(input)`. */
interface Outputs {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly values: readonly number[];
}

const bundles = await Promise.all(['files.zip', 'user-files.zip'].map(unpack));
const files = new Map(bundles.flatMap((bundle) => [...bundle]));

export const outputsOfKeras = new Map(
  bundles.flatMap((bundle) =>
    Object.entries(JSON.parse(String(bundle.get('references.json'))) as Record<string, Outputs>),
  ),
);

async function unpack(name: string): Promise<Map<string, Buffer>> {
  const path = fileURLToPath(new URL(`./fixtures/networks/${name}`, import.meta.url));
  return readZip(await readFile(path), path);
}

/** The bytes of a bundled file, such as `names.keras`. */
function bundledBytes(name: string): Buffer {
  const content = files.get(name);
  if (content === undefined) throw new Error(`There is no file ${name}`);
  return content;
}

/** Unpacks a bundled file; returns its path. */
export async function bundled(name: string): Promise<string> {
  return temporaryFile(name, bundledBytes(name));
}
