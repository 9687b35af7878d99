import { describe, expect, it } from 'vitest';
import { endOf, hasStarted, isPending, isReady, isRunning, ranSeconds } from './pod-status.ts';
import {
  ago,
  childJob,
  endedPod,
  errorOf,
  NOW,
  PLAN,
  podOf,
  runningPod,
} from '../../test/simulated-cluster/objects.ts';

const job = childJob('planner');

describe('the end of a pod', () => {
  it('is not there while it waits or runs', () => {
    expect(endOf(podOf(job))).toBeUndefined();
    expect(endOf(runningPod(job))).toBeUndefined();
  });

  it('is told by the worker itself, whole', () => {
    const end = endOf(endedPod(job, 0, { said: { type: 'Planned', plan: PLAN } }));
    expect(end).toMatchObject({ exitCode: 0, termination: { type: 'Planned', plan: PLAN } });
  });

  it('is an error of the catalogue with its way out', () => {
    const end = endOf(
      endedPod(job, 65, { said: errorOf('DISTILL_E_TEACHER_MISSING', 'No file at x.', 'Put it there.') }),
    );
    expect(end?.error).toEqual({ code: 'DISTILL_E_TEACHER_MISSING', message: 'No file at x.', fix: 'Put it there.' });
  });

  it('is a lack of memory when the kernel says so, with the limit that was too low', () => {
    const state = { terminated: { exitCode: 137, reason: 'OOMKilled' } };
    const end = endOf(podOf(job, { phase: 'Failed', state, memory: '4Gi' }));
    expect(end).toMatchObject({ exitCode: 137, error: { code: 'DISTILL_E_OUT_OF_MEMORY' } });
    expect(end?.error?.message).toContain('memory limit of 4Gi');
    // The field to change: "more memory" alone leaves one looking.
    expect(end?.error?.fix).toContain('resources.limits.memory');
  });

  it('is the end of its log when it has no words of its own', () => {
    expect(endOf(endedPod(job, 1, { said: 'Segmentation fault' }))?.error?.message).toMatch(
      /code 1.*Segmentation fault$/,
    );
    expect(endOf(endedPod(job, 139))?.error).toBeUndefined();
    expect(endOf(endedPod(job, 139, { said: 'Segmentation fault' }))?.error?.message).toMatch(/code 139.*Segmentation/);
    expect(endOf(endedPod(job, 1, { said: 'x'.repeat(4096) }))?.error?.message?.length).toBeLessThan(2100);
  });

  it.each([0, 1, 2, 64, 65, 78, 126, 127])(
    'makes the image suspect when it has no words of ours: exit code %i',
    (code) => {
      for (const said of [undefined, 'BusyBox v1.36.1 multi-call binary.', '{"type":"Error"}']) {
        const end = endOf(endedPod(job, code, said === undefined ? {} : { said }));
        expect(end).toMatchObject({
          exitCode: code,
          error: { message: expect.stringMatching(/^It ended with/) as string },
        });
        expect(end?.error?.code).toBeUndefined();
        expect(end?.error?.fix).toContain('if the image (spec.cluster.workerTemplate.image or');
      }
      const finalizer = endOf(endedPod(childJob('finalizer'), code));
      expect(finalizer?.error?.fix).toContain('spec.cluster.finalizerTemplate.image');
    },
  );

  it('is what ended it from outside when its container never did', () => {
    const status = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on ephemeral-storage.' };
    const end = endOf(podOf(job, { status }));
    expect(end?.exitCode).toBeUndefined();
    expect(end?.error?.message).toContain('Evicted: The node was low on ephemeral-storage.');
  });

  it('is of the worker, not of a container that somebody added', () => {
    const pod = endedPod(job, 0);
    const [worker] = pod.status?.containerStatuses ?? [];
    if (worker === undefined) throw new Error('no container');
    const sidecar = { ...worker, name: 'proxy', state: { terminated: { exitCode: 3 } } };
    const both = { ...pod, status: { ...pod.status, phase: 'Failed', containerStatuses: [sidecar, worker] } };
    expect(endOf(both)?.exitCode).toBe(0);
  });
});

describe('the state of a pod', () => {
  const cases = [
    ['waiting', podOf(job), { pending: true, started: false, running: false, ready: false }],
    ['told to end before it began', podOf(job, { deleted: ago(1) }), { pending: false, started: false }],
    ['running', runningPod(job), { pending: false, started: true, running: true, ready: true }],
    ['running, told to end', runningPod(job, { deleted: ago(1) }), { running: true, ready: false }],
    ['running, still starting', runningPod(job, { status: { podIP: '10.0.0.1' } }), { running: true, ready: false }],
    ['ended', endedPod(job, 0), { pending: false, started: true, running: false, ready: false }],
  ] as const;
  it.each(cases)('%s', (_, pod, expected) => {
    const state = { pending: isPending(pod), started: hasStarted(pod), running: isRunning(pod), ready: isReady(pod) };
    expect(state).toMatchObject(expected);
  });
});

it('a pod is held from its container’s start to its end, or to now', () => {
  const now = NOW.getTime() / 1000;
  expect(ranSeconds(podOf(job), -Infinity, now)).toBe(0);
  expect(ranSeconds(runningPod(job), -Infinity, now)).toBe(30);
  expect(ranSeconds(runningPod(job), now - 10, now)).toBe(10);
  expect(ranSeconds(endedPod(job, 0), -Infinity, now)).toBe(40);
  expect(ranSeconds(endedPod(job, 0), now - 30, now)).toBe(10);
  expect(ranSeconds(endedPod(job, 0), now - 5, now)).toBe(0);
});
