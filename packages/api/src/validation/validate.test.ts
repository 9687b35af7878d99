import { describe, expect, it } from 'vitest';
import { manifestWith } from '../../test/corpus/corpus.ts';
import { BAD, GOOD } from '../../test/corpus/manifests.ts';
import { UPDATES } from '../../test/corpus/updates.ts';
import { formatProblems } from './problems.ts';
import { RULES } from '../rules/rules.ts';
import type { Place } from '../rules/rule.ts';
import { TRANSITIONS } from '../rules/transitions.ts';
import { problemsOfUpdate, validateJob } from './validate.ts';
import { VALUE_RULES } from '../rules/value-rules.ts';

const problemsOf = (set: Record<string, unknown>, place?: Place) => {
  const result = validateJob(manifestWith(set), place);
  return 'problems' in result ? result.problems : [];
};
const jobOf = (set: Record<string, unknown>) => {
  const result = validateJob(manifestWith(set));
  if ('problems' in result) throw new Error(formatProblems(result.problems));
  return result.job;
};

const succeededIs = (status: 'True' | 'False' | 'Unknown') => ({
  type: 'Succeeded' as const,
  status,
  reason: 'Any',
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

describe('the corpus', () => {
  const PLACES = ['Local', 'Cluster'] as const;
  const inPlaces = <Case extends { readonly place?: Place }>(cases: readonly Case[]) =>
    PLACES.flatMap((where) => cases.filter(({ place = where }) => place === where).map((one) => ({ ...one, where })));

  it.each(inPlaces(GOOD))('accepts $title ($where)', ({ set, where }) => {
    expect(problemsOf(set, where)).toEqual([]);
  });

  it.each(inPlaces(BAD))('refuses $title at $path ($where)', ({ set, path, where }) => {
    const problems = problemsOf(set, where);
    // One cause must give one problem, so that nobody has to search for the one that matters.
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(problems[0]?.message).not.toBe('');
    expect(problems[0]?.fix).toMatch(/[.?)]$/);
  });

  it.each(UPDATES)('judges the change: $title', ({ from = {}, set, succeeded, refused }) => {
    const conditions = succeeded === undefined ? [] : [succeededIs(succeeded)];
    const before = { ...manifestWith(from), status: { conditions } };
    const problems = problemsOfUpdate(before, manifestWith({ ...from, ...set }));
    expect(problems.map(({ path }) => path)).toEqual(refused === undefined ? [] : [refused]);
  });

  it('judges what was checked for its place before by what holds in both', () => {
    expect(problemsOf({ 'spec.cluster': undefined, 'spec.outputs.path': 'teacher' })).toEqual([]);
    expect(problemsOf({ 'spec.blocks.exclude': ['*'] })).toHaveLength(1);
  });

  it('breaks every rule of a change at least once', () => {
    const broken = UPDATES.map(({ refused }) => refused);
    for (const { field } of TRANSITIONS) expect(broken).toContain(`/spec/${field.replaceAll('.', '/')}`);
  });

  it('breaks every rule at least once', () => {
    const broken = new Set(BAD.filter(({ by }) => by === 'Rule').map(({ path }) => path));
    const fields = new Set(RULES.map(({ field }) => `/spec/${field.replaceAll('.', '/')}`));
    const untested = [...fields].filter((field) => !broken.has(field));
    // The two optimizers share their rules, so each rule has to be broken in at least one of the two places.
    const mirrored = (field: string) => field.replace('/training/', '/*/').replace('/fineTuning/', '/*/');
    expect(untested.filter((field) => ![...broken].some((other) => mirrored(other) === mirrored(field)))).toEqual([]);
  });

  it('breaks every rule of a value at least once', () => {
    const met = new Set(BAD.flatMap(({ set }) => problemsOf(set, 'Cluster').map(({ message }) => message)));
    const rules = Object.values(VALUE_RULES).flat();
    expect(rules.filter(({ message }) => !met.has(message))).toEqual([]);
  });
});

describe('validateJob', () => {
  it('makes every default explicit', () => {
    const { spec } = jobOf({});
    expect(spec.blocks).toMatchObject({ architecture: 'LowRank', ratio: '0.375' });
    expect(spec.training).toEqual({
      epochs: 1,
      optimizer: { type: 'Adam', learningRate: '0.002', schedule: { type: 'Cosine', warmupSteps: 0 } },
      loss: 'MeanSquaredError',
      seed: 0,
      cpuThreads: 1,
    });
    expect(spec.selection).toEqual({ rule: 'Accuracy', maxAccuracyDrop: '0.02', split: 'Validation' });
    expect(spec.dataset.validation).toEqual({ fraction: '0.1' });
    expect(spec.dataset.limits).toEqual({});
    expect(spec.fineTuning.optimizer).toEqual({
      type: 'Adam',
      learningRate: '0.002',
      schedule: { type: 'Cosine', warmupSteps: 0 },
    });
    expect(spec.cluster).toEqual({
      volume: { claimName: 'shared' },
      gpu: { resourceName: 'nvidia.com/gpu', count: 1 },
      suspend: false,
      backoffLimit: 3,
    });
  });

  it('fills in what depends on other fields', () => {
    const { spec } = jobOf({
      'spec.teacher.preprocessing': { mode: 'Custom', mean: ['0.5'] },
      'spec.training.optimizer.type': 'SGD',
      'spec.selection.minAccuracy': '0.7',
      'spec.fineTuning.teacherLogits': {},
    });
    expect(spec.teacher.preprocessing).toEqual({ mode: 'Custom', scale: '1', mean: ['0.5'], std: ['1'] });
    expect(spec.training.optimizer.momentum).toBe('0.9');
    expect(spec.selection).not.toHaveProperty('maxAccuracyDrop');
    expect(spec.fineTuning.teacherLogits).toEqual({ weight: '1', temperature: '4' });
    expect(jobOf({ 'spec.selection.rule': 'AllTrained' }).spec.selection).not.toHaveProperty('maxAccuracyDrop');
  });

  it('is idempotent and leaves its input alone', () => {
    const manifest = manifestWith({ 'spec.training.optimizer.type': 'SGD' });
    const before = structuredClone(manifest);
    const first = validateJob(manifest);
    expect(manifest).toEqual(before);
    expect('job' in first && validateJob(first.job)).toEqual(first);
  });

  it('takes an empty field as absent, as the API server does', () => {
    expect(jobOf({ 'spec.training': null }).spec.training.epochs).toBe(1);
    expect(problemsOf({ 'spec.teacher.path': null })).toMatchObject([
      { path: '/spec/teacher/path', message: 'is missing' },
    ]);
    expect(problemsOf({ 'spec.blocks.exclude': [null] })).toMatchObject([{ path: '/spec/blocks/exclude/0' }]);
  });

  it('names every problem at once', () => {
    const problems = problemsOf({
      'spec.training.epochs': 0,
      'spec.teacher.path': undefined,
      'spec.dataset.batchsize': 3,
      'spec.outputs.path': '/x',
    });
    expect(problems.map(({ path }) => path).sort()).toEqual([
      '/spec/dataset/batchsize',
      '/spec/outputs/path',
      '/spec/teacher/path',
      '/spec/training/epochs',
    ]);
  });

  it('refuses what is no map at all', () => {
    for (const value of [undefined, null, 7, 'job', []]) expect(validateJob(value)).toHaveProperty('problems');
  });
});

describe('the way out', () => {
  const textOf = (set: Record<string, unknown>) => formatProblems(problemsOf(set));

  it.each([
    [
      'a near field name',
      { 'spec.dataset.batchsize': 3 },
      '- spec.dataset.batchsize: 3 is not a known field. Did you mean batchSize?',
    ],
    [
      'the section where a field belongs',
      { 'spec.learningRate': '0.1' },
      'It belongs at spec.training.optimizer.learningRate or spec.fineTuning.optimizer.learningRate.',
    ],
    [
      'no place of another kind, nor one of the status',
      { 'spec.labels': { team: 'vision' }, 'spec.epochs': 4 },
      'It belongs at spec.cluster.workerTemplate.labels or spec.cluster.finalizerTemplate.labels.\n' +
        '- spec.epochs: 4 is not a known field. It belongs at spec.training.epochs or spec.fineTuning.epochs.',
    ],
    [
      'what a map of another API holds',
      { 'spec.cluster.workerTemplate': { metadata: { labels: { team: 'vision' } } } },
      'is not a known field. Write what it holds without it: labels stands here.',
    ],
    [
      'what to write for an empty text',
      { 'spec.outputs.path': '' },
      '- spec.outputs.path: "" is empty. Write a path relative to the root of the volume',
    ],
    [
      'an entry for an empty list',
      { 'spec.blocks.include': [] },
      '- spec.blocks.include: [] is empty. Give at least one entry.',
    ],
    ['the known fields', { 'spec.outputs.zzz': 1 }, 'Remove it; known here: path, formats, onnxInput, workingFiles.'],
    ['a near value', { 'spec.scheduling.policy': 'binpacking' }, 'Did you mean BinPacking?'],
    [
      'quotes',
      { 'spec.training.optimizer.learningRate': 0.01 },
      '0.01 is a decimal number, not text. Write it in quotes: "0.01"',
    ],
    [
      'what is asked for, where quotes alone would not help',
      { 'spec.blocks': { architecture: 'LowRank', ratio: 25 } },
      '25 is a number, not text. Write a decimal above 0 and below 1',
    ],
    ['no quotes', { 'spec.training.epochs': '4' }, 'Write it without quotes: 4.'],
    ['Enabled for true', { 'spec.dataset.augmentation.flipVertical': true }, 'Write Enabled.'],
    [
      'the range',
      { 'spec.training.epochs': 0 },
      'spec.training.epochs: 0 is out of range. Write a whole number from 1 to 10000.',
    ],
    [
      'the form of a fraction',
      { 'spec.selection.minAccuracy': '75%' },
      '"75%" is not of the form asked for. Write a decimal from 0 to 1',
    ],
    ['the API version', { apiVersion: 'distillation.dev/v1' }, 'Write "distillation.dev/v1alpha1".'],
    [
      'both contradicting fields',
      { 'spec.selection': { minAccuracy: '0.7', maxAccuracyDrop: '0' } },
      'spec.selection.minAccuracy: "0.7" and maxAccuracyDrop exclude each other. Give one of the two.',
    ],
  ])('names %s', (_, set, expected) => {
    expect(textOf(set)).toContain(expected);
  });

  it('keeps a long value short and a slash in a key readable', () => {
    const text = textOf({ 'spec.teacher.path': `/${'x'.repeat(500)}` });
    expect(text.length).toBeLessThan(300);
    expect(formatProblems([{ path: '/spec/a~1b~0c', value: 1, message: 'm', fix: 'f' }])).toBe('- spec.a/b~c: 1 m. f');
  });
});
