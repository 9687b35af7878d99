import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DistillationJobSchema } from '@distillation/api/job';
import { validateJob } from '@distillation/api/validate';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';

/** Jobs and parts of jobs in documents are valid: a reader pastes them. */

const ROOT = join(import.meta.dirname, '../..');
const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => /^(README\.md|docs\/.*|charts\/.*)$/.test(path) && existsSync(join(ROOT, path)));

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

const SECTIONS = Object.keys(DistillationJobSchema.properties.spec.properties);

/** What a part of a spec is put into. */
const MINIMAL = {
  teacher: { path: 'teacher.keras' },
  dataset: { path: 'data', format: 'ImageFolder' },
  outputs: { path: 'out' },
  cluster: { volume: { claimName: 'shared' } },
};

/** Whole jobs, and parts of a spec completed to one. */
const jobs = documents.flatMap((document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => {
    const value: unknown = load(block);
    if (!isTree(value)) return [];
    const first = block.split('\n')[0] ?? '';
    if (value['kind'] === 'DistillationJob') return [{ document, first, job: value }];
    const keys = Object.keys(value);
    if (!keys.every((key) => SECTIONS.includes(key))) return [];
    const spec = Object.fromEntries(
      [...new Set([...Object.keys(MINIMAL), ...keys])].map((key) => {
        const [whole, part] = [(MINIMAL as Tree)[key], value[key]];
        return [key, isTree(whole) && isTree(part) ? { ...whole, ...part } : (part ?? whole)];
      }),
    );
    const head = { apiVersion: 'distillation.dev/v1alpha1', kind: 'DistillationJob', metadata: { name: 'part' } };
    return [{ document, first, job: { ...head, spec } }];
  });
});

describe('jobs in documents', () => {
  it('are found, whole and in parts', () => {
    expect(new Set(jobs.map(({ document }) => document))).toEqual(
      new Set(['README.md', 'docs/cluster.md', 'docs/user-guide.md', 'docs/reference/distillationjob.md']),
    );
    expect(jobs.length).toBeGreaterThan(5);
  });

  it.each(jobs)('$document: $first', ({ job }) => {
    expect(validateJob(job)).not.toHaveProperty('problems');
  });
});
