import { DistillError } from '@distillation/api/errors';
import { expect, it } from 'vitest';
import { ApiError } from '@distillation/kube/api-error';
import { classify } from './classify.ts';

const api = (status: number, more: Partial<ConstructorParameters<typeof ApiError>[0]> = {}): ApiError =>
  new ApiError({ status, reason: 'R', message: 'exceeded quota: none', ...more });

it.each([
  ['a conflict', api(409), { cause: 'conflict', harmless: true, waitMs: 0 }],
  ['no answer', api(0), { cause: 'unreachable', harmless: false, reportAfter: 4 }],
  ['a server’s error', api(503, { retryAfterSeconds: 7 }), { cause: 'server', waitMs: 7000 }],
  ['throttling', api(429, { retryAfterSeconds: 2 }), { cause: 'throttled', waitMs: 2000 }],
  ['a quota', api(403), { cause: 'forbidden', reportAfter: 1, waitMs: 15_000 }],
  ['an invalid child', api(422), { cause: 'invalid', reportAfter: 1, waitMs: 15_000 }],
  ['something missing', api(404), { cause: 'invalid', reportAfter: 4 }],
  ['a namespace that goes', api(403, { causes: [{ reason: 'NamespaceTerminating' }] }), { harmless: true }],
  ['a defect', new TypeError('x is undefined'), { cause: 'internal', harmless: false, reportAfter: 4 }],
  [
    'a spec no child can be made of',
    new DistillError('DISTILL_E_MANIFEST_INVALID', 'm'),
    { cause: 'invalid', reportAfter: 1 },
  ],
])('%s is known for what it is', (_, error, expected) => {
  expect(classify(error)).toMatchObject(expected);
});

it('says what was refused, and by what code where there is one', () => {
  expect(classify(api(403)).problem).toEqual({
    reason: 'RequestRefused',
    message: expect.stringContaining('exceeded quota: none') as string,
  });
  expect(classify(new DistillError('DISTILL_E_MANIFEST_INVALID', 'No volume.')).problem).toMatchObject({
    reason: 'InvalidSpec',
    message: expect.stringMatching(/^No volume\. Correct the fields named/) as string,
  });
  expect(classify('thrown text').problem).toMatchObject({
    reason: 'InternalError',
    message: expect.stringContaining('thrown text') as string,
  });
});
