import { expect, test } from 'vitest';
import { fenced } from './fence.ts';
import type { Call } from '../client/transport.ts';

const callOf = (method: Call['method'], resource: string): Call => ({
  verb: 'get',
  method,
  resource,
  path: '/',
  headersTimeoutMs: 1,
  bodyTimeoutMs: 1,
  signal: new AbortController().signal,
});

test.each([
  ['GET', 'jobs', true],
  ['PATCH', 'jobs', false],
  ['PATCH', 'distillationjobs/status', false],
  ['POST', 'configmaps', false],
  ['DELETE', 'pods', false],
  ['POST', 'events', true],
  ['PUT', 'leases', true],
] as const)('without the lease, %s %s passes: %s', async (method, resource, passes) => {
  const answer = { status: 200, body: undefined as never };
  let leads = true;
  const send = fenced(() => leads)(() => Promise.resolve(answer));
  expect(await send(callOf(method, resource))).toBe(answer);
  leads = false;
  const sent = send(callOf(method, resource));
  if (passes) expect(await sent).toBe(answer);
  else await expect(sent).rejects.toThrow('the lease is lost');
});
