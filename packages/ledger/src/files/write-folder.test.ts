import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileLayer } from './file-layer.ts';
import { type Fault, FAULTS, faultyFileLayer } from '../../test/files.ts';
import { writeFolder } from './write-folder.ts';

const OLD = new Map([
  ['a', 'old a'],
  ['b', 'old b'],
]);
const NEW = new Map([
  ['a', 'new a'],
  ['c', 'new c'],
]);

let root: string;
const path = (): string => join(root, 'student');
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'folder-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** The folder's files; undefined when it does not exist. */
async function contents(): Promise<Map<string, string> | undefined> {
  const names = await readdir(path()).catch(() => undefined);
  if (names === undefined) return undefined;
  const texts = names.sort().map(async (name) => [name, await readFile(join(path(), name), 'utf8')] as const);
  return new Map(await Promise.all(texts));
}

it('replaces a folder whole, rests of a killed write included', async () => {
  await writeFolder(nodeFileLayer, join(root, '.student.new'), new Map([['half', 'of a killed write']]));
  await writeFolder(nodeFileLayer, path(), OLD);
  await writeFolder(nodeFileLayer, path(), NEW);
  expect(await contents()).toEqual(NEW);
  expect(await readdir(root)).toEqual(['student']);
});

describe.each(FAULTS)('with %s at any operation', (kind) => {
  it('leaves the old files, the new ones or none, never a mixture; written again it is whole', async () => {
    const dry = faultyFileLayer();
    await writeFolder(dry, path(), OLD);
    const before = dry.trace.length;
    await writeFolder(dry, path(), NEW);
    const operations = dry.trace.length - before;
    expect(operations).toBeGreaterThan(10);
    for (let at = 1; at <= operations; at++) {
      await rm(root, { recursive: true });
      await writeFolder(nodeFileLayer, path(), OLD);
      const fault: Fault = { kind, at };
      await expect(writeFolder(faultyFileLayer(fault), path(), NEW), `operation ${at}`).rejects.toThrow();
      expect([undefined, OLD, NEW]).toContainEqual(await contents());
      await writeFolder(nodeFileLayer, path(), NEW);
      expect(await contents()).toEqual(NEW);
    }
  });
});
