import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DistillationJobSchema } from '@distillation/api/job';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS, textOf } from './documents.ts';
import { commandsOf, shellBlocks } from './shell.ts';

/**
 * Commands in documents can be typed: the files, flags and scripts that they name exist. Whether they have the described effect is tested
 * by test/kube/install/commands.test.ts and test/cluster/dev-cluster.test.ts.
 */

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

interface Shown {
  readonly document: string;
  readonly command: string;
}

const shown: Shown[] = DOCUMENTS.flatMap((document) =>
  shellBlocks(textOf(document)).flatMap((block) => commandsOf(block).map((command) => ({ document, command }))),
);
const withAll = (pattern: RegExp): (Shown & { readonly found: readonly string[] })[] =>
  shown
    .map((one) => ({ ...one, found: [...one.command.matchAll(pattern)].map(([, found = '']) => found) }))
    .filter(({ found }) => found.length > 0);

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** Whether a dotted path exists; below an empty map, such as labels, any path does. */
function leads(tree: unknown, path: readonly string[]): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return true;
  if (!isTree(tree)) return false;
  if (Object.keys(tree).length === 0) return true;
  return first in tree && leads(tree[first], rest);
}

const values = load(textOf('charts/distillation-operator/values.yaml')) as Tree;
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Tree };

it('finds commands of every kind', () => {
  const programs = new Set(shown.map(({ command }) => command.split(' ')[0]));
  expect([...programs]).toEqual(expect.arrayContaining(['npm', 'npx', 'helm', 'kubectl', 'docker']));
  expect(commandsOf('npm ci   # why\n# more\nkubectl a \\\n  b')).toEqual(['npm ci', 'kubectl a b']);
});

it.each(DOCUMENTS)('the blocks of %s are valid shell', async (document) => {
  for (const block of shellBlocks(textOf(document))) {
    // Placeholders in angle brackets would be redirections.
    await expect(run('bash', ['-n', '-c', block]), block).resolves.toBeDefined();
  }
});

it.each(withAll(/(?:^|\s)((?:manifests|charts|crds|images|scripts|docs|bench)(?:\/[\w./-]+)?)(?=\s|$)/g))(
  'files are there: $document: $command',
  ({ found }) => {
    expect(found.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  },
);

it.each(withAll(/--set(?:-string|-json)? ([\w.]+)=/g))('values of the chart: $document: $command', ({ found }) => {
  expect(found.filter((path) => !leads(values, path.split('.')))).toEqual([]);
});

it.each(withAll(/npm (?:run )?([\w:-]+)/g))('scripts of npm: $document: $command', ({ found }) => {
  expect(found.filter((name) => !['ci', 'install'].includes(name) && !(name in scripts))).toEqual([]);
});

describe('kubectl-distill', () => {
  const lines = withAll(/kubectl[- ]distill ([a-z]+)\b/g);

  it('is shown', () => {
    expect(lines.length).toBeGreaterThan(5);
  });

  it('has the commands and flags that are shown', async () => {
    const help = new Map<string, string>();
    for (const { command, found, document } of lines) {
      const [name = ''] = found;
      if (!help.has(name)) {
        const args = ['--disable-warning=ExperimentalWarning', join(ROOT, 'cli/src/main.ts'), name, '--help'];
        help.set(name, (await run(process.execPath, args)).stdout);
      }
      const flags = [...command.matchAll(/\s(--?[a-z][a-z-]*)/g)].map(([, flag = '']) => flag);
      for (const flag of flags)
        expect(help.get(name), `${document}: ${command}`).toMatch(new RegExp(`^ .*${flag}\\b`, 'm'));
    }
  });
});

it('the chart is installed by the same command everywhere', () => {
  // The pages for a certain kind of cluster differ in what they set.
  const installs = shown.filter(
    ({ command, document }) => command.startsWith('helm install ') && !document.startsWith('docs/install/'),
  );
  expect(installs.map(({ document }) => document)).toEqual(
    expect.arrayContaining(['README.md', 'docs/cluster.md', 'charts/distillation-operator/README.md']),
  );
  const plain = installs.filter(({ command }) => !command.includes('--take-ownership'));
  // README's brings a first job, too.
  expect(new Set(plain.map(({ command }) => command.replace('--set quickstart.enabled=true ', ''))).size).toBe(1);
});

describe('what the text on clusters names in code', () => {
  const texts = ['docs/cluster.md', 'docs/gitops.md', 'docs/images.md', 'charts/distillation-operator/README.md'];
  const named = texts.flatMap((document) =>
    [
      ...textOf(document)
        .replace(/^```[\s\S]*?^```/gm, '')
        .matchAll(/`([a-zA-Z]+(?:\.[a-zA-Z]+)*)(?:[:=] ?[^`\n]*)?`/g),
    ].map(([, path = '']) => ({ document, path })),
  );

  /** The job's fields as a tree of names. */
  function fieldsOf(schema: unknown): Tree {
    if (!isTree(schema)) return {};
    const { properties, items } = schema;
    if (isTree(items)) return fieldsOf(items);
    if (!isTree(properties)) return {};
    return Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, fieldsOf(inner)]));
  }
  const job = fieldsOf(DistillationJobSchema);
  const { spec } = job;
  const { cluster } = spec as { cluster: Tree };
  const trees = [job, spec, cluster, values];

  it.each(
    named.filter(({ path }) => path.includes('.') && trees.some((tree) => leads(tree, path.split('.').slice(0, 1)))),
  )('$document: $path', ({ path }) => {
    expect(trees.some((tree) => leads(tree, path.split('.')))).toBe(true);
  });
});

it('every status that the text on clusters explains is one that a job can have', () => {
  const table = textOf('docs/cluster.md').split('## When it does not move')[1]?.split('\n## ')[0] ?? '';
  const statuses = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, status = '']) => status),
  );
  expect(statuses).toContain('Unschedulable');
  const known = textOf('docs/reference/conditions.md') + textOf('docs/reference/errors.md');
  expect(statuses.filter((status) => !known.includes(status))).toEqual([]);
});
