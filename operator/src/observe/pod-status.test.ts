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
  it('is undefined while it waits or runs', () => {
    expect(endOf(podOf(job))).toBeUndefined();
    expect(endOf(runningPod(job))).toBeUndefined();
  });

  it('is the complete report of the worker', () => {
    const end = endOf(endedPod(job, 0, { said: { type: 'Planned', plan: PLAN } }));
    expect(end).toMatchObject({ exitCode: 0, termination: { type: 'Planned', plan: PLAN } });
  });

  it('is an error of the catalogue with its way out', () => {
    const end = endOf(
      endedPod(job, 65, { said: errorOf('DISTILL_E_TEACHER_MISSING', 'No file at x.', 'Put it there.') }),
    );
    expect(end?.error).toEqual({ code: 'DISTILL_E_TEACHER_MISSING', message: 'No file at x.', fix: 'Put it there.' });
  });

  it('is a lack of memory when it was OOM-killed, with the limit that was too low', () => {
    const state = { terminated: { exitCode: 137, reason: 'OOMKilled' } };
    const end = endOf(podOf(job, { phase: 'Failed', state, memory: '4Gi' }));
    expect(end).toMatchObject({ exitCode: 137, error: { code: 'DISTILL_E_OUT_OF_MEMORY' } });
    expect(end?.error?.message).toContain('memory limit of 4Gi');
    // It names the field to change.
    expect(end?.error?.fix).toContain('resources.limits.memory');
  });

  it('is the end of its log when it left no message', () => {
    expect(endOf(endedPod(job, 1, { said: 'Segmentation fault' }))?.error?.message).toMatch(
      /code 1.*Segmentation fault$/,
    );
    expect(endOf(endedPod(job, 139))?.error).toBeUndefined();
    expect(endOf(endedPod(job, 139, { said: 'Segmentation fault' }))?.error?.message).toMatch(/code 139.*Segmentation/);
    expect(endOf(endedPod(job, 1, { said: 'x'.repeat(4096) }))?.error?.message?.length).toBeLessThan(2100);
  });

  it.each([0, 1, 2, 64, 65, 78, 126, 127])(
    'makes the image suspect without a message of ours: exit code %i',
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

  it('names both versions when its message is of another release, and not the end of a log', () => {
    for (const code of [0, 65]) {
      const said = JSON.stringify({ type: 'Planned', plan: { ...PLAN, version: 2 } });
      const { exitCode, termination, error } = endOf(endedPod(job, code, { said })) ?? {};
      expect({ exitCode, termination }).toEqual({ exitCode: code, termination: undefined });
      expect(error?.message).toBe('Its termination message is of version 2 of its format, and version 1 is read here.');
      expect(error?.fix).toContain('be of the same release');
    }
  });

  it('is the pod’s own reason when its container never ended', () => {
    const status = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on ephemeral-storage.' };
    const end = endOf(podOf(job, { status }));
    expect(end?.exitCode).toBeUndefined();
    expect(end?.error?.message).toContain('Evicted: The node was low on ephemeral-storage.');
  });

  it('is that of the worker, not of an injected container', () => {
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

it('a pod’s running time is from its container’s start to its end, or to now', () => {
  const now = NOW.getTime() / 1000;
  expect(ranSeconds(podOf(job), -Infinity, now)).toBe(0);
  expect(ranSeconds(runningPod(job), -Infinity, now)).toBe(30);
  expect(ranSeconds(runningPod(job), now - 10, now)).toBe(10);
  expect(ranSeconds(endedPod(job, 0), -Infinity, now)).toBe(40);
  expect(ranSeconds(endedPod(job, 0), now - 30, now)).toBe(10);
  expect(ranSeconds(endedPod(job, 0), now - 5, now)).toBe(0);
});
