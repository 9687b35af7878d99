import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROLES } from '@distillation/api/words';
import { childName } from './names.ts';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

const jobName = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/);
const revision = fc.stringMatching(/^[0-9a-f]{10}$/);
const attempt = fc.option(fc.nat(99_999), { nil: undefined });
const identity = fc
  .record({ role: fc.constantFrom(...ROLES), revision })
  .chain((base) => attempt.map((number) => (number === undefined ? base : { ...base, attempt: number })));

describe('the name of a child', () => {
  it('is <job>-<role>-<revision>, with an attempt for a Job', () => {
    expect(childName('sample', { role: 'planner', revision: '0123456789' })).toBe('sample-planner-0123456789');
    expect(childName('sample', { role: 'worker', revision: '0123456789', attempt: 2 })).toBe(
      'sample-worker-0123456789-2',
    );
  });

  it('of a long job begins with as much of its name as fits', () => {
    const name = childName(`${'x'.repeat(31)}-that-is-cut`, { role: 'worker', revision: '0123456789', attempt: 0 });
    expect(name).toBe(`${'x'.repeat(31)}-worker-0123456789-0`);
  });

  it('leaves room for the suffixes of pod and host names of Indexed Jobs, and is a DNS label', () => {
    fc.assert(
      fc.property(jobName, identity, fc.nat(1023), (job, child, index) => {
        const name = childName(job, child);
        expect(name).toMatch(DNS_LABEL);
        expect(`${name}-${index}-abcde`.length).toBeLessThanOrEqual(63);
      }),
    );
  });

  it('differs whenever role, revision or attempt differ, however long the job’s name', () => {
    fc.assert(
      fc.property(jobName, identity, identity, (job, a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(childName(job, a) === childName(job, b)).toBe(same);
      }),
    );
  });
});
