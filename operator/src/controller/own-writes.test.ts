import { expect, it } from 'vitest';
import { jobObject } from '../children/testing.ts';
import type { DistillationJobObject } from '../lifecycle/snapshot.ts';
import { OwnWrites } from './own-writes.ts';

function at(resourceVersion: string, uid = 'u'): DistillationJobObject {
  const job = jobObject();
  return { ...job, metadata: { ...job.metadata, resourceVersion, uid } };
}

it('what was written counts until the cache has it or something newer', () => {
  const own = new OwnWrites();
  const written = at('120');
  own.keep(written);
  expect(own.newer(at('99'))).toBe(written);
  expect(own.newer(at('99', 'another'))).toMatchObject({ metadata: { uid: 'another' } });
  const cached = at('120');
  expect(own.newer(cached)).toBe(cached);
  // From then on the cache leads, whatever it says.
  const older = at('99');
  expect(own.newer(older)).toBe(older);
});

it('a job that is gone is forgotten', () => {
  const own = new OwnWrites();
  own.keep(at('120'));
  own.forget('u');
  const cached = at('99');
  expect(own.newer(cached)).toBe(cached);
});
