import { roleOf } from '@distillation/api/labels';
import { describe, expect, it } from 'vitest';
import { binsOf, childLabels, revisionOfChild, ownerReference, attemptNumber } from './labels.ts';
import { jobObject } from '../../test/children.ts';

const JOB = jobObject({ 'metadata.name': 'x'.repeat(63) });

describe('labels of a child', () => {
  it('are read back as they were written', () => {
    const child = { metadata: { labels: childLabels(JOB, { role: 'worker', revision: 'abc', attempt: 12 }) } };
    expect([roleOf(child), revisionOfChild(child), attemptNumber(child)]).toEqual(['worker', 'abc', 12]);
  });

  it('under their names of earlier versions are read too', () => {
    const labels = { 'distillation.dev/fit': 'abc', 'distillation.dev/round': '12' };
    expect([revisionOfChild({ metadata: { labels } }), attemptNumber({ metadata: { labels } })]).toEqual(['abc', 12]);
  });

  it('include no attempt on a ConfigMap', () => {
    expect(
      attemptNumber({ metadata: { labels: childLabels(JOB, { role: 'worker', revision: 'abc' }) } }),
    ).toBeUndefined();
  });

  it('are valid for Kubernetes', () => {
    for (const value of Object.values(childLabels(JOB, { role: 'finalizer', revision: '0123456789', attempt: 99 }))) {
      expect(value).toMatch(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
    }
  });

  it.each([
    ['no labels', {}],
    ['a role that there is not', { 'distillation.dev/role': 'boss' }],
    ['an attempt that is no number', { 'distillation.dev/attempt': '-1' }],
  ])('that were tampered with (%s) say nothing', (_, labels) => {
    expect(roleOf({ metadata: { labels } })).toBeUndefined();
    expect(attemptNumber({ metadata: { labels } })).toBeUndefined();
  });
});

describe('the bins of a worker Job', () => {
  const jobWith = (bins?: string) => ({
    metadata: { ...(bins !== undefined && { annotations: { 'distillation.dev/bins': bins } }) },
  });

  it('are those of its annotation, by completion index', () => {
    expect(binsOf(jobWith('0,1,4'))).toEqual([0, 1, 4]);
  });

  it.each([undefined, '', '0,,1', '0,x'])('are none where the annotation is %s', (bins) => {
    expect(binsOf(jobWith(bins))).toEqual([]);
  });
});

it('the job owns its children by its UID', () => {
  expect(ownerReference(JOB)).toMatchObject({ uid: JOB.metadata.uid, controller: true, blockOwnerDeletion: true });
});
