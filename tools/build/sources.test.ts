import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROGRAMS } from './bundle.ts';

const ROOT = join(import.meta.dirname, '../..');
const text = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

/** Modules that a source names: imports, and the threads and processes that it starts. */
const NAMED = /(?:from|import)\s*\(?\s*'([^']+)'|new URL\(\s*'(\.[^']+\.ts)'/g;

/** File of a module of one of our packages, by the package's `exports`; relative to the project. */
async function exportedModule(name: string): Promise<string | undefined> {
  const [, workspace, module] = /^@distillation\/([\w-]+)\/(.+)$/.exec(name) ?? [];
  if (workspace === undefined || module === undefined) return undefined;
  const folder = workspace === 'operator' || workspace === 'worker' ? workspace : `packages/${workspace}`;
  const { exports } = JSON.parse(await text(`${folder}/package.json`)) as { exports: Record<string, string> };
  return join(folder, exports[`./${module}`] ?? `no export ${name}`);
}

/** The sources of our workspaces that these files need, including themselves; paths relative to the project. */
async function reachedFrom(roots: readonly string[]): Promise<Set<string>> {
  const reached = new Set<string>();
  const todo = [...roots];
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    for (const [, imported, started] of (await text(path)).matchAll(NAMED)) {
      const name = imported ?? started ?? '';
      const found = name.startsWith('.') ? join(path, '..', name) : await exportedModule(name);
      if (found !== undefined && /\.[tj]s$/.test(found)) todo.push(found);
    }
  }
  return reached;
}

test('every source is needed by a program or a generator: what only tests use stands with them', async () => {
  const needed = await reachedFrom([...Object.values(PROGRAMS), 'tools/generate.ts']);
  const sources = globSync('{packages/*,operator,worker,cli}/src/**/*.ts', { cwd: ROOT });
  expect(sources.length).toBeGreaterThan(200);
  expect(sources.filter((path) => !/\.test\.ts$|\.d\.ts$/.test(path) && !needed.has(path))).toEqual([]);
});
