import { DistillationJobSchema } from '@distillation/api/job';
import { parseManifest } from '@distillation/api/manifest';
import { validateJob } from '@distillation/api/validate';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS, textOf } from './documents.ts';

/** Jobs and parts of jobs in documents are valid: a reader pastes them. */

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

const blocks = DOCUMENTS.flatMap((document) =>
  [...textOf(document).matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => ({ document, text })),
);

const whole = blocks.filter(({ text }) => text.startsWith('apiVersion: distillation'));

/** Parts of a spec, each with what it takes to be a job. */
const parts = blocks.flatMap(({ document, text }) => {
  const part: unknown = load(text);
  if (!isTree(part) || !Object.keys(part).every((key) => SECTIONS.includes(key))) return [];
  const spec = Object.fromEntries(
    [...new Set([...Object.keys(MINIMAL), ...Object.keys(part)])].map((key) => {
      const [base, given] = [(MINIMAL as Tree)[key], part[key]];
      return [key, isTree(base) && isTree(given) ? { ...base, ...given } : (given ?? base)];
    }),
  );
  const head = { apiVersion: 'distillation.dev/v1alpha1', kind: 'DistillationJob', metadata: { name: 'part' } };
  return [{ document, first: text.split('\n')[0] ?? '', job: { ...head, spec } }];
});

describe('jobs in documents', () => {
  it('are found, whole and in parts', () => {
    expect(new Set([...whole, ...parts].map(({ document }) => document))).toEqual(
      new Set([
        'README.md',
        'docs/cluster.md',
        'docs/own-network.md',
        'docs/user-guide.md',
        'docs/reference/distillationjob.md',
      ]),
    );
    expect(whole.map(({ document }) => document)).toContain('docs/user-guide.md');
    expect(whole.length + parts.length).toBeGreaterThan(5);
  });

  it.each(whole)('in $document are valid', ({ document, text }) => {
    expect(() => parseManifest(text, document)).not.toThrow();
  });

  it.each(parts)('$document: $first', ({ job }) => {
    expect(validateJob(job)).not.toHaveProperty('problems');
  });
});
