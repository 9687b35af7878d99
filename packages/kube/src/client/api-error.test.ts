import { expect, test } from 'vitest';
import { ApiError, errorOfAnswer, errorOfNoAnswer, errorOfStatus } from './api-error.ts';

const status = (fields: object): string => JSON.stringify({ kind: 'Status', apiVersion: 'v1', ...fields });

test('a Status is read completely', () => {
  const cause = { reason: 'FieldValueInvalid', message: 'no', field: 'spec.bins' };
  const details = { retryAfterSeconds: 7, causes: [cause] };
  const error = errorOfAnswer(422, undefined, status({ code: 422, reason: 'Invalid', message: 'bad', details }));
  expect(error).toMatchObject({
    status: 422,
    reason: 'Invalid',
    message: 'bad',
    retryAfterSeconds: 7,
    causes: [cause],
  });
});

test.each([
  [502, '<html>Bad gateway</html>', { status: 502, reason: 'Unknown', isRetryable: true }],
  [500, '"oh"', { status: 500, reason: 'Unknown', isRetryable: true }],
  [403, '', { status: 403, isRetryable: false }],
])('an answer %d that is no Status, such as %j, has its HTTP status', (code, body, expected) => {
  expect(errorOfAnswer(code, undefined, body)).toMatchObject(expected);
});

test('Retry-After is taken from the header where the body has none, and a date is not mistaken for seconds', () => {
  expect(errorOfAnswer(429, '3', '').retryAfterSeconds).toBe(3);
  expect(errorOfAnswer(503, 'Wed, 21 Oct 2026 07:28:00 GMT', '').retryAfterSeconds).toBeUndefined();
});

test.each([
  [404, 'NotFound', { isNotFound: true, isRetryable: false }],
  [409, 'Conflict', { isConflict: true, isAlreadyExists: false, isRetryable: true }],
  [409, 'AlreadyExists', { isConflict: true, isAlreadyExists: true }],
  [410, 'Expired', { isGone: true, isRetryable: false }],
  [422, 'Invalid', { isRetryable: false, isOtherUid: false }],
  [429, 'TooManyRequests', { isRetryable: true }],
  [500, 'InternalError', { isRetryable: true }],
])('%d %s', (code, reason, expected) => {
  expect(new ApiError({ status: code, reason, message: 'x' })).toMatchObject(expected);
});

test("a watch's error event is an error like any other", () => {
  const error = errorOfStatus({ kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' });
  expect(error.isGone).toBe(true);
});

test('no response at all is distinguished from silence half-way', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const silent = Object.assign(new Error('Body Timeout Error'), { code: 'UND_ERR_BODY_TIMEOUT' });
  expect(errorOfNoAnswer('list pods', refused)).toMatchObject({
    status: 0,
    message: 'list pods: ECONNREFUSED: connect',
    isRetryable: true,
    isSilence: false,
  });
  expect(errorOfNoAnswer('watch pods', silent)).toMatchObject({ status: 0, isSilence: true });
});
