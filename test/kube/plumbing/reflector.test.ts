import { CONFIG_MAPS } from '@distillation/kube/resources';
import type { Transport } from '@distillation/kube/transport';
import { expect, test } from 'vitest';
import { adminClient, newNamespace } from '../support/support.ts';
import { clientOf, proxiedClient, setConfigMap } from './support.ts';
import { counting, PATIENCE, reflect, valuesOf } from './watched.ts';

test('lists in pages, then follows every change with the state before and after', async () => {
  const namespace = await newNamespace();
  for (const name of ['a', 'b', 'c', 'd', 'e']) await setConfigMap({ namespace, name }, '1');
  const { options, count } = counting();
  const { reflector, changes, values } = reflect(namespace, { client: clientOf(options), timing: { pageSize: 2 } });
  expect(reflector.hasSynced).toBe(false);
  reflector.start();
  reflector.start();
  await reflector.synced();
  expect(values()).toEqual({ a: '1', b: '1', c: '1', d: '1', e: '1' });
  expect(count('list')).toBe(3);
  changes.length = 0;
  await setConfigMap({ namespace, name: 'a' }, '2');
  await adminClient().delete(CONFIG_MAPS, { namespace, name: 'b' });
  await setConfigMap({ namespace, name: 'f' }, '1');
  await expect.poll(() => changes.length, PATIENCE).toBe(3);
  expect(changes.map((each) => [each.key, each.old?.data?.['value'], each.new?.data?.['value']])).toEqual([
    [`${namespace}/a`, '1', '2'],
    [`${namespace}/b`, '1', undefined],
    [`${namespace}/f`, undefined, '1'],
  ]);
  expect(changes[0]?.new?.metadata).not.toHaveProperty('managedFields');
  // Two starts, one watch.
  expect(count('watch')).toBe(1);
});

test('an object that no longer matches the selector is removed', async () => {
  const namespace = await newNamespace();
  const made = await setConfigMap({ namespace, name: 'a' }, '1');
  const { reflector, values } = reflect(namespace, { client: adminClient() });
  reflector.start();
  await reflector.synced();
  await adminClient().update(CONFIG_MAPS, { ...made, metadata: { ...made.metadata, labels: {} } });
  await expect.poll(values, PATIENCE).toEqual({});
});

test('a watch that the server ends is followed by the next, without a list', async () => {
  const namespace = await newNamespace();
  const { options, count } = counting();
  const { reflector, restarts, values } = reflect(namespace, {
    client: clientOf(options),
    timing: { watchSeconds: 1, healthyMs: 100 },
  });
  reflector.start();
  await expect.poll(() => restarts.length, PATIENCE).toBeGreaterThanOrEqual(2);
  await setConfigMap({ namespace, name: 'a' }, '1');
  await expect.poll(values, PATIENCE).toEqual({ a: '1' });
  expect(new Set(restarts)).toEqual(new Set(['Ended']));
  expect(count('list')).toBe(1);
});

test('a watch that goes silent is noticed and replaced', async () => {
  const namespace = await newNamespace();
  const { client, proxy } = await proxiedClient();
  const { reflector, restarts, values } = reflect(namespace, { client, timing: { silenceMs: 3_000 } });
  reflector.start();
  await reflector.synced();
  await setConfigMap({ namespace, name: 'a' }, '1');
  await expect.poll(values, PATIENCE).toEqual({ a: '1' });
  proxy.freeze();
  await setConfigMap({ namespace, name: 'a' }, '2');
  proxy.thaw();
  expect(values()).toEqual({ a: '1' });
  await expect.poll(values, PATIENCE).toEqual({ a: '2' });
  expect(restarts).toContain('Silent');
});

test('after a broken connection the watch is resumed at the same version', async () => {
  const namespace = await newNamespace();
  const { options, count } = counting();
  const { client, proxy } = await proxiedClient(options);
  const { reflector, restarts, values } = reflect(namespace, { client });
  reflector.start();
  await reflector.synced();
  for (let i = 0; i < 5; i++) {
    await expect.poll(() => count('watch'), PATIENCE).toBeGreaterThan(i);
    proxy.cut();
    await setConfigMap({ namespace, name: 'a' }, String(i));
    await expect.poll(values, PATIENCE).toEqual({ a: String(i) });
  }
  expect(restarts.length).toBeGreaterThanOrEqual(4);
  expect(new Set(restarts)).toEqual(new Set(['Failed']));
  expect(count('list')).toBe(1);
});

test('when stopped, it leaves no watch and reports nothing more', async () => {
  const namespace = await newNamespace();
  const { client, proxy } = await proxiedClient();
  const { reflector, changes } = reflect(namespace, { client });
  reflector.start();
  await reflector.synced();
  await setConfigMap({ namespace, name: 'a' }, '1');
  await expect.poll(() => changes.length, PATIENCE).toBe(1);
  await reflector.stop();
  await setConfigMap({ namespace, name: 'a' }, '2');
  // What is left is the idle connection of the list.
  await expect.poll(() => proxy.open, PATIENCE).toBeLessThanOrEqual(1);
  expect(changes).toHaveLength(1);
  reflector.start();
  expect(proxy.open).toBeLessThanOrEqual(1);
});

test('when stopped before its first list, `synced` resolves', async () => {
  const never: Transport = (call) =>
    new Promise((_resolve, reject) => {
      call.signal.addEventListener('abort', () => {
        reject(new Error('aborted'));
      });
    });
  const { reflector } = reflect('default', { client: clientOf({ wrap: () => never }) });
  reflector.start();
  const synced = reflector.synced();
  await reflector.stop();
  await synced;
  expect(reflector.hasSynced).toBe(false);
});

/** Loses, doubles and reorders the lines of every watch by fixed rules, and all of them while `losing` says so. */
const garbling =
  (losing: () => boolean) =>
  (next: Transport): Transport =>
  async (call) => {
    const answer = await next(call);
    if (call.verb !== 'watch') return answer;
    async function* garbled(): AsyncGenerator<Uint8Array> {
      let n = 0;
      let held: Uint8Array | undefined;
      for await (const chunk of answer.body) {
        for (const line of Buffer.from(chunk)
          .toString()
          .split(/(?<=\n)/)) {
          const bytes = Buffer.from(line);
          n += 1;
          if (losing() || n % 5 === 0) continue;
          if (n % 3 === 0 && held === undefined) {
            held = bytes;
            continue;
          }
          yield bytes;
          if (n % 4 === 0) yield bytes;
          if (held !== undefined) yield held;
          held = undefined;
        }
      }
    }
    return { ...answer, body: { ...answer.body, [Symbol.asyncIterator]: garbled } };
  };

test('lost, duplicated and reordered events are repaired by the next list', async () => {
  const namespace = await newNamespace();
  let losing = false;
  const client = clientOf({ wrap: garbling(() => losing) });
  const timing = { watchSeconds: 2, resyncMs: 1, healthyMs: 100 };
  const { reflector, restarts, values, followed } = reflect(namespace, { client, timing });
  reflector.start();
  await reflector.synced();
  const change = async (from: number, to: number): Promise<void> => {
    for (let i = from; i < to; i++) {
      const name = ['a', 'b', 'c'][i % 3] ?? '';
      if (i % 7 === 6) await adminClient().delete(CONFIG_MAPS, { namespace, name });
      else await setConfigMap({ namespace, name }, String(i));
    }
  };
  await change(0, 40);
  // The last change of each is not heard of, while later ones of others are: to go on from there would miss them for ever.
  losing = true;
  await change(40, 50);
  losing = false;
  for (const value of ['1', '2', '3']) await setConfigMap({ namespace, name: 'later' }, value);
  const labelSelector = 'distillation.dev/test=plumbing';
  const truth = valuesOf((await adminClient().list(CONFIG_MAPS, { namespace, labelSelector })).items);
  await expect.poll(values, PATIENCE).toEqual(truth);
  expect(followed()).toEqual(truth);
  expect(new Set(restarts)).toEqual(new Set(['Resync']));
});
