import { describe, expect, it } from 'vitest';
import { jobObject } from '../../test/children.ts';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import { OwnUpdates } from './own-updates.ts';
import { problemStatus } from '../status/problem-status.ts';

function at(resourceVersion: string, uid = 'u'): DistillationJobObject {
  const job = jobObject();
  return { ...job, metadata: { ...job.metadata, resourceVersion, uid } };
}

it('returns what was written until the cache has it or something newer', () => {
  const own = new OwnUpdates();
  const written = at('120');
  own.keep(written);
  expect(own.newer(at('99'))).toBe(written);
  expect(own.newer(at('99', 'another'))).toMatchObject({ metadata: { uid: 'another' } });
  const cached = at('120');
  expect(own.newer(cached)).toBe(cached);
  // From then on the cache is authoritative, whatever it holds.
  const older = at('99');
  expect(own.newer(older)).toBe(older);
});

it('forgets a job that is gone', () => {
  const own = new OwnUpdates();
  own.keep(at('120'));
  own.forget('u');
  const cached = at('99');
  expect(own.newer(cached)).toBe(cached);
});

describe('a problem status that comes back', () => {
  const old = at('120');
  const report = problemStatus(old, { reason: 'ApiUnavailable', message: 'm' }, new Date('2026-11-22T21:00:00Z'));
  const now = { ...at('121'), status: report };
  const change = { key: 'ml/job', old, new: now };
  const withMetadata = (metadata: Partial<DistillationJobObject['metadata']>) => ({
    ...change,
    new: { ...now, metadata: { ...now.metadata, ...metadata } },
  });
  const announced = (): OwnUpdates => {
    const own = new OwnUpdates();
    own.announce('u', report);
    return own;
  };

  it('is recognized by its content, even before the API server has answered, and only once', () => {
    const own = announced();
    expect(own.isOwnUpdate(change)).toBe(true);
    expect(own.isOwnUpdate(change)).toBe(false);
  });

  it.each([
    ['nobody announced it', new OwnUpdates(), change],
    [
      'the status is another',
      announced(),
      { ...change, new: { ...now, status: { ...report, observedGeneration: 2 } } },
    ],
    ['the spec changed with it', announced(), withMetadata({ generation: 2 })],
    ['a label changed with it', announced(), withMetadata({ labels: { team: 'vision' } })],
    ['the job is being deleted', announced(), withMetadata({ deletionTimestamp: '2026-11-22T21:00:00Z' })],
    ['another job has its name', announced(), withMetadata({ uid: 'v' })],
    ['the job was not known', announced(), { key: change.key, new: now }],
    ['the job is gone', announced(), { key: change.key, old }],
  ])('is news when %s', (_, own, news) => {
    expect(own.isOwnUpdate(news)).toBe(false);
  });

  it('is not recognized for a job that was forgotten', () => {
    const own = announced();
    own.forget('u');
    expect(own.isOwnUpdate(change)).toBe(false);
  });
});
