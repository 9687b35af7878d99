import { EventRecorder, type EventTarget, type EventDraft } from '@distillation/kube/events';
import { CONFIG_MAPS, EVENTS, type WireEvent } from '@distillation/kube/resources';
import type { Transport } from '@distillation/kube/transport';
import { expect, onTestFinished, test } from 'vitest';
import { adminClient, newNamespace } from '../support/support.ts';
import { clientOf, setConfigMap } from './support.ts';

const PATIENCE = { interval: 50 };
const DRAFT: EventDraft = { type: 'Normal', reason: 'Planned', action: 'Planning', note: '3 blocks' };

function recorder(options: Partial<ConstructorParameters<typeof EventRecorder>[0]> = {}): EventRecorder {
  const made = new EventRecorder({
    client: adminClient(),
    controller: 'distillation.dev/operator',
    instance: 'test',
    ...options,
  });
  onTestFinished(() => made.close());
  return made;
}

async function targetIn(namespace: string): Promise<EventTarget> {
  const { metadata } = await setConfigMap({ namespace, name: 'a' }, '1');
  return { apiVersion: 'v1', kind: CONFIG_MAPS.kind, namespace, name: 'a', uid: metadata?.uid ?? '' };
}

const eventsOf = async (namespace: string): Promise<readonly WireEvent[]> =>
  (await adminClient().list(EVENTS, { namespace, fieldSelector: 'reportingController=distillation.dev/operator' }))
    .items;

test('an event stands with its object; the same again is counted, another one stands beside it', async () => {
  const namespace = await newNamespace();
  const target = await targetIn(namespace);
  const events = recorder({ countEveryMs: 20 });
  events.record(target, DRAFT);
  await expect.poll(async () => (await eventsOf(namespace)).length, PATIENCE).toBe(1);
  expect((await eventsOf(namespace))[0]).toMatchObject({
    type: 'Normal',
    reason: 'Planned',
    action: 'Planning',
    note: '3 blocks',
    regarding: { kind: 'ConfigMap', name: 'a', uid: target.uid },
    reportingInstance: 'test',
  });
  for (let i = 0; i < 4; i++) events.record(target, DRAFT);
  await expect.poll(async () => (await eventsOf(namespace))[0]?.series?.count, PATIENCE).toBe(5);
  events.record(target, { ...DRAFT, note: '4 blocks' });
  await expect.poll(async () => (await eventsOf(namespace)).length, PATIENCE).toBe(2);
});

test('a burst costs one write, and closing writes what is left', async () => {
  const namespace = await newNamespace();
  const target = await targetIn(namespace);
  let writes = 0;
  // Counted when they are sent: an event can be read before its recorder has the answer.
  const wrap =
    (next: Transport): Transport =>
    (call) => {
      writes += 1;
      return next(call);
    };
  const events = recorder({ client: clientOf({ wrap }) });
  for (let i = 0; i < 50; i++) events.record(target, DRAFT);
  await expect.poll(async () => (await eventsOf(namespace))[0]?.series?.count, PATIENCE).toBe(50);
  expect(writes).toBe(1);
  events.record(target, DRAFT);
  await events.close(60_000);
  expect((await eventsOf(namespace))[0]?.series?.count).toBe(51);
  expect(writes).toBe(2);
  events.record(target, { ...DRAFT, note: 'too late' });
  expect(await eventsOf(namespace)).toHaveLength(1);
});

test('closing writes what was counted while the first write was under way', async () => {
  const namespace = await newNamespace();
  const target = await targetIn(namespace);
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const wrap =
    (next: Transport): Transport =>
    async (call) => {
      const reply = await next(call);
      await answered;
      return reply;
    };
  const events = recorder({ client: clientOf({ wrap }) });
  events.record(target, DRAFT);
  await expect.poll(async () => (await eventsOf(namespace)).length, PATIENCE).toBe(1);
  events.record(target, DRAFT);
  const closed = events.close(60_000);
  answer();
  await closed;
  expect((await eventsOf(namespace))[0]?.series?.count).toBe(2);
});

test('an event that has expired on the server is created again when it recurs', async () => {
  const namespace = await newNamespace();
  const target = await targetIn(namespace);
  const events = recorder({ countEveryMs: 20 });
  events.record(target, DRAFT);
  await expect.poll(async () => (await eventsOf(namespace)).length, PATIENCE).toBe(1);
  const name = (await eventsOf(namespace))[0]?.metadata?.name ?? '';
  await adminClient().delete(EVENTS, { namespace, name });
  events.record(target, DRAFT);
  await expect.poll(async () => (await eventsOf(namespace))[0]?.series?.count, PATIENCE).toBe(2);
});

test('one that is refused is dropped without a word to its recorder, and the next one goes on', async () => {
  const namespace = await newNamespace();
  const target = await targetIn(namespace);
  const dropped: unknown[] = [];
  const events = recorder({ onDropped: (why) => dropped.push(why) });
  events.record({ ...target, namespace: 'nowhere-to-be-found' }, DRAFT);
  events.record(target, { ...DRAFT, note: 'long: ' + 'ü'.repeat(2_000) });
  await expect.poll(async () => (await eventsOf(namespace)).length, PATIENCE).toBe(1);
  expect(dropped).toEqual([expect.objectContaining({ status: 404 })]);
  expect((await eventsOf(namespace))[0]?.note).toMatch(/^long: ü{500,}…$/);
});

test('an event that cannot be sent for some time is sent later', async () => {
  const namespace = await newNamespace();
  const target = await targetIn(namespace);
  let failures = 2;
  const wrap =
    (next: Transport): Transport =>
    (call) =>
      failures-- > 0 ? Promise.reject(new Error('cut off')) : next(call);
  const events = recorder({ client: clientOf({ wrap }) });
  events.record(target, DRAFT);
  await expect.poll(async () => (await eventsOf(namespace)).length, PATIENCE).toBe(1);
});

test('closing does not wait for a server that does not answer', async () => {
  const silent: Transport = (call) =>
    new Promise((_resolve, reject) => {
      call.signal.addEventListener('abort', () => {
        reject(new Error('no answer'));
      });
    });
  const events = recorder({ client: clientOf({ wrap: () => silent }) });
  events.record({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'a', uid: 'u' }, DRAFT);
  const began = performance.now();
  await events.close(200);
  expect(performance.now() - began).toBeLessThan(5_000);
});
