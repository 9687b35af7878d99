import { describe, expect, it } from 'vitest';
import { manifestWith } from '../../test/corpus/corpus.ts';
import { DistillError } from '../errors.ts';
import { besideJob, parseManifest } from './manifest.ts';

const GOOD = `# a job
apiVersion: distillation.dev/v1alpha1
kind: DistillationJob
metadata: {name: sample}
spec:
  teacher: {path: teacher/model.json}
  dataset: {path: data, format: Cifar10}
  training:
  outputs: {path: jobs/sample}
---
`;

const CLAIM = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
`;

function errorOf(text: string): DistillError {
  try {
    parseManifest(text, 'job.yaml');
  } catch (error) {
    if (error instanceof DistillError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('parseManifest', () => {
  it('reads YAML and JSON', () => {
    const job = parseManifest(GOOD, 'job.yaml');
    expect(job.metadata.name).toBe('sample');
    expect(job.spec.training.epochs).toBe(1);
    expect(parseManifest(JSON.stringify(manifestWith({}), null, '\t'), 'job.json').spec.blocks.include).toEqual(['*']);
  });

  it('takes the one job of several documents, and names the others', () => {
    for (const text of [`${CLAIM}---\n${GOOD}`, `${GOOD}${CLAIM}---\n`]) {
      expect(parseManifest(text, 'job.yaml').metadata.name).toBe('sample');
      expect(besideJob(text, 'job.yaml')).toEqual(['PersistentVolumeClaim data']);
    }
    expect(besideJob(GOOD, 'job.yaml')).toEqual([]);
    expect(besideJob(`- a\n---\n${GOOD}`, 'job.yaml')).toEqual(['a document without a kind']);
  });

  it.each([
    ['nothing', '', 'job.yaml is empty.'],
    ['a comment', '# later\n', 'job.yaml is empty.'],
    ['two jobs', `${GOOD}${GOOD}`, 'holds 2 DistillationJobs: put each into a file of its own.'],
    ['two others', `${CLAIM}---\n${CLAIM}`, 'holds 2 YAML documents, of which none is a DistillationJob.'],
    ['prose', 'hello', 'holds plain text, not a DistillationJob.'],
    ['a list', '- a\n', 'holds a list, not a DistillationJob.'],
    ['another kind', 'apiVersion: v1\nkind: Pod\n', 'is a "Pod" of "v1", not a DistillationJob.'],
    ['no kind', 'spec: {}\n', 'has no kind: it must begin with "apiVersion: distillation.dev/v1alpha1"'],
    ['a tab', 'spec:\n\ta: 1\n', 'is not valid YAML at line 2, column 1'],
    ['a field twice', `${GOOD.replace('---\n', '')}kind: DistillationJob\n`, 'duplicated mapping key'],
  ])('says what is wrong with %s', (_, text, message) => {
    const error = errorOf(text);
    expect(error.code).toBe('DISTILL_E_MANIFEST_UNREADABLE');
    expect(error.message).toContain(message);
  });

  it('lists every problem of an invalid job', () => {
    const error = errorOf(GOOD.replace('training:', 'training: {epochs: 0, learningRate: 0.1}'));
    expect(error.code).toBe('DISTILL_E_MANIFEST_INVALID');
    expect(error.exitCode).toBe(65);
    expect(error.message).toContain('job.yaml has 2 problems:');
    expect(error.message).toContain('- spec.training.epochs: 0 is out of range.');
    expect(error.message).toContain(
      '- spec.training.learningRate: 0.1 is not a known field. It belongs at spec.training.optimizer',
    );
  });

  it('does not let a manifest reach the prototype', () => {
    expect(errorOf(GOOD.replace('training:', '__proto__: {polluted: 1}')).message).toContain('__proto__');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
