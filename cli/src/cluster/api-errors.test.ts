import { ApiError } from '@distillation/kube/api-error';
import { expect, it } from 'vitest';
import { attempt, definitionMissing, jobMissing } from './api-errors.ts';

const place = { server: 'https://127.0.0.1:1', namespace: 'team-a' };
const failing = (status: number, reason: string, message: string) =>
  attempt(place, 'list jobs', () => Promise.reject(new ApiError({ status, reason, message })));

it.each([
  [0, 'DISTILL_E_CLUSTER_UNREACHABLE', 'The API server https://127.0.0.1:1 does not answer: no.'],
  [401, 'DISTILL_E_CLUSTER_FORBIDDEN', 'Cannot list jobs in the namespace team-a: no.'],
  [403, 'DISTILL_E_CLUSTER_FORBIDDEN', 'Cannot list jobs in the namespace team-a: no.'],
  [409, 'DISTILL_E_CLUSTER_REFUSED', 'Cannot list jobs: no.'],
  [422, 'DISTILL_E_CLUSTER_REFUSED', 'Cannot list jobs: no.'],
  [429, 'DISTILL_E_CLUSTER_UNREACHABLE', 'Cannot list jobs: no.'],
  [503, 'DISTILL_E_CLUSTER_UNREACHABLE', 'Cannot list jobs: no.'],
])('an answer of %d is %s', async (status, code, message) => {
  await expect(failing(status, 'Whatever', 'no')).rejects.toMatchObject({ code, message });
});

it('takes an object that does not fit the definition for one that is refused, whatever status it comes with', async () => {
  const message =
    'failed to create typed patch object (a/b; distillation.dev/v1alpha1, Kind=DistillationJob): errors: ...';
  await expect(failing(500, 'Unknown', message)).rejects.toMatchObject({ code: 'DISTILL_E_CLUSTER_REFUSED' });
});

it('says which right is missing, and who has it', async () => {
  const message = 'pods is forbidden: User "u" cannot create resource "pods" in API group "" in the namespace "team-a"';
  await expect(failing(403, 'Forbidden', message)).rejects.toMatchObject({
    fix: expect.stringMatching(
      /^Ask for the right to create pods in this namespace: the cluster role `edit` has it/,
    ) as string,
  });
});

it('names what fails before anything is sent', async () => {
  const call = () => Promise.reject(new Error('exec: aws: not found'));
  await expect(attempt(place, 'list jobs', call)).rejects.toMatchObject({
    code: 'DISTILL_E_KUBECONFIG',
    message: 'Cannot list jobs: exec: aws: not found.',
  });
});

it('names the cluster without our definition, and the job that is not there', () => {
  expect(definitionMissing(place)).toMatchObject({ code: 'DISTILL_E_NOT_INSTALLED' });
  expect(jobMissing(place, 'vgg')).toMatchObject({
    code: 'DISTILL_E_JOB_NOT_FOUND',
    message: 'There is no DistillationJob vgg in the namespace team-a.',
  });
});
