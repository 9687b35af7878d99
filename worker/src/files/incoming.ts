import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { incomingFiles } from '@distillation/api/layout';
import { listOf, object, word } from '@distillation/api/shape';
import { nodeFileLayer } from '@distillation/ledger/file-layer';
import { placeOf } from './place.ts';

/**
 * What is being copied to a volume is named there by a file until all of it is there, so that no job takes a part of a data set for the
 * whole. A copy that was cut off leaves it; the same copy, begun again, takes it over.
 */

const isIncoming = object({ paths: listOf(word), since: word });

/** Names these files and folders as incoming, each on its volume. */
export async function announce(root: string, coming: readonly string[]): Promise<void> {
  for (const [file, paths] of marks(root, coming)) {
    await nodeFileLayer.mkdir(dirname(file));
    await writeFile(file, `${JSON.stringify({ paths, since: new Date().toISOString() })}\n`);
  }
}

/** Takes the announcement of the same files and folders back, when all is there. */
export async function arrived(root: string, coming: readonly string[]): Promise<void> {
  for (const [file] of marks(root, coming)) await rm(file, { force: true });
}

/** The file by which a copy is named on each volume, with the paths that it names. */
function marks(root: string, coming: readonly string[]): [file: string, paths: readonly string[]][] {
  return [...byVolume(coming)].map(([volume, paths]) => {
    const name = createHash('sha256').update(JSON.stringify(paths)).digest('hex').slice(0, 16);
    return [join(placeOf(root, volume), incomingFiles, `${name}.json`), paths];
  });
}

function byVolume(coming: readonly string[]): Map<string, string[]> {
  const volumes = new Map<string, string[]>();
  for (const path of [...coming].sort()) {
    const [volume = '', ...rest] = path.split('/');
    volumes.set(volume, [...(volumes.get(volume) ?? []), rest.join('/')]);
  }
  return volumes;
}

/** Since when a copy to this path of a volume, to a part of it or to what holds it, is under way; undefined when none is. */
export async function incomingSince(volume: string, path: string): Promise<string | undefined> {
  const folder = join(volume, incomingFiles);
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    const incoming = parsed(await readFile(join(folder, name), 'utf8').catch(() => ''));
    if (isIncoming(incoming) && incoming.paths.some((one) => overlaps(one, path))) return incoming.since;
  }
  return undefined;
}

/** Whether one of the two paths is, or lies in, the other; an empty one is the whole volume. */
function overlaps(a: string, b: string): boolean {
  const [one, other] = [partsOf(a), partsOf(b)];
  return one.slice(0, other.length).every((part, index) => part === other[index]);
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
