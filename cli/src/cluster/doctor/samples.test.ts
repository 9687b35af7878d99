import { expect, it } from 'vitest';
import type { WirePod } from '@distillation/kube/wire';
import type { JobObject } from '../jobs.ts';
import { judgeSamples } from './samples.ts';

const job = (reason: string): JobObject =>
  ({
    metadata: { name: 'quickstart', namespace: 'team-a' },
    spec: { cluster: { volume: { claimName: 'first' } } },
    status: { conditions: [{ type: 'Succeeded', status: 'Unknown', reason, message: '' }] },
  }) as JobObject;

const pod = (name: string, state: object, { claimName = 'first', minute = 0 } = {}): WirePod =>
  ({
    metadata: { name, creationTimestamp: `2026-01-01T00:0${minute}:00Z` },
    spec: { containers: [], volumes: [{ name: 'work', persistentVolumeClaim: { claimName } }] },
    status: { containerStatuses: [{ name: 'samples', state }] },
  }) as unknown as WirePod;
const FAILED = { terminated: { exitCode: 75, message: 'Fetching\nDISTILL_E_FETCH: no way to the registry.\n' } };

it('says why the samples that a job waits for do not come, and how else they do', () => {
  const [check] = judgeSamples(job('WaitingForInputs'), [pod('later', FAILED, { minute: 1 }), pod('first', {})]);
  expect(check).toMatchObject({
    verdict: 'Problem',
    found: 'pod later, which is to bring them, failed (exit code 75): DISTILL_E_FETCH: no way to the registry.',
  });
  expect(check?.remedy).toContain('push --claim first distill-data/teachers distill-data/datasets -n team-a');
  const [stuck] = judgeSamples(job('WaitingForInputs'), [pod('x', { waiting: { reason: 'ImagePullBackOff' } })]);
  expect(stuck?.found).toContain('cannot start: ImagePullBackOff');
});

it.each<[string, string, WirePod[]]>([
  ['a job that waits for nothing', 'Training', [pod('x', FAILED)]],
  ['another claim', 'WaitingForInputs', [pod('x', FAILED, { claimName: 'other' })]],
  ['one that is at work again', 'WaitingForInputs', [pod('x', FAILED), pod('y', { running: {} }, { minute: 1 })]],
  ['one that is being started', 'WaitingForInputs', [pod('x', { waiting: { reason: 'ContainerCreating' } })]],
  ['one that is done', 'WaitingForInputs', [pod('x', { terminated: { exitCode: 0 } })]],
  ['none', 'WaitingForInputs', []],
])('says nothing of %s', (_, reason, pods) => {
  expect(judgeSamples(job(reason), pods)).toEqual([]);
});
