import { describe, expect, it } from 'vitest';
import { jobObject } from '../../test/children.ts';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import { verdictOf } from '@distillation/api/verdict';
import { invalidStatus, sameStatus, problemStatus } from './problem-status.ts';

const NOW = new Date('2026-11-22T21:00:00.123Z');
const EARLIER = '2026-11-22T20:00:00Z';
const PROBLEM = { reason: 'RequestRefused', message: 'quota' } as const;

const condition = (type: 'Succeeded' | 'Ready' | 'Planned', status: 'True' | 'False' | 'Unknown') =>
  ({ type, status, reason: 'R', message: 'm', lastTransitionTime: EARLIER, observedGeneration: 1 }) as const;

function jobWith(status: DistillationJobObject['status']): DistillationJobObject {
  const job = jobObject();
  return { ...job, metadata: { ...job.metadata, generation: 3 }, ...(status && { status }) };
}

describe('problem', () => {
  it('is the reason of a first status', () => {
    const { conditions, observedGeneration, ...shown } = problemStatus(jobWith(undefined), PROBLEM, NOW);
    expect(observedGeneration).toBe(3);
    expect(shown).toEqual({ stage: 'Planning', reason: 'RequestRefused' });
    expect(conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`)).toEqual([
      'Succeeded=Unknown RequestRefused',
      'Ready=False RequestRefused',
      'Reconciling=True RequestRefused',
      'Stalled=False RequestRefused',
    ]);
    expect(conditions?.[0]).toMatchObject({ message: 'quota', lastTransitionTime: '2026-11-22T21:00:00Z' });
  });

  it('leaves the rest of a status unchanged, and the times of conditions whose status does not change', () => {
    const before = {
      startTime: EARLIER,
      stage: 'Finalizing' as const,
      progress: { percent: 40 },
      conditions: [condition('Planned', 'True'), condition('Ready', 'True'), condition('Succeeded', 'Unknown')],
    };
    const after = problemStatus(jobWith(before), PROBLEM, NOW);
    expect(after).toMatchObject({
      startTime: EARLIER,
      progress: { percent: 40 },
      stage: 'Finalizing',
      reason: PROBLEM.reason,
    });
    const of = (type: string) => after.conditions?.find((each) => each.type === type);
    expect(of('Planned')).toEqual(condition('Planned', 'True'));
    expect(of('Succeeded')?.lastTransitionTime).toBe(EARLIER);
    expect(of('Ready')?.lastTransitionTime).toBe('2026-11-22T21:00:00Z');
  });

  it('is truncated to the limit of a status, and does not change when repeated', () => {
    const job = jobWith(undefined);
    const first = problemStatus(job, { ...PROBLEM, message: 'x'.repeat(10_000) }, NOW);
    expect(first.conditions?.[0]?.message).toHaveLength(4096);
    const again = problemStatus({ ...job, status: first }, { ...PROBLEM, message: 'x'.repeat(10_000) }, new Date());
    expect(sameStatus(first, again)).toBe(true);
    expect(sameStatus(undefined, again)).toBe(false);
    expect(sameStatus(first, problemStatus(job, PROBLEM, NOW))).toBe(false);
  });
});

it('an invalid spec stalls the job and names the field', () => {
  const problem = { path: '/spec/training/epochs', value: -1, message: 'is too small', fix: 'Write 1 or more.' };
  const { conditions, stage, reason } = invalidStatus(jobWith(undefined), [problem], NOW);
  expect({ stage, reason }).toEqual({ stage: 'Stalled', reason: 'InvalidSpec' });
  // A problem after that is no matter of the spec.
  expect(problemStatus(jobWith({ conditions, stage }), PROBLEM, NOW).stage).toBe('Planning');
  expect(conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
    'Succeeded=Unknown',
    'Ready=False',
    'Reconciling=False',
    'Stalled=True',
  ]);
  expect(conditions?.[3]).toMatchObject({
    reason: 'InvalidSpec',
    message: expect.stringContaining('spec.training.epochs: -1 is too small. Write 1 or more.') as string,
  });
});

it('a job is finished by its verdict', () => {
  expect(verdictOf(undefined)).toBeUndefined();
  expect(verdictOf({ conditions: [condition('Succeeded', 'Unknown')] })).toBeUndefined();
  expect(verdictOf({ conditions: [condition('Succeeded', 'False')] })?.status).toBe('False');
});
