import { kubeClient, type KubeClient, type KubeClientOptions } from '@distillation/kube/client';
import { CONFIG_MAPS } from '@distillation/kube/resources';
import type { Transport } from '@distillation/kube/transport';
import { KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from '../../../tools/kube-harness/control-plane.ts';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { NAMESPACES } from '../../../tools/kube-harness/access/connect.ts';
import { clientOf, setConfigMap } from './support.ts';
import { counting, PATIENCE, reflect } from './watched.ts';

/** A control plane for this file alone, since its API server is killed and its etcd compacts within seconds. */
let plane: ControlPlane;
let admin: KubeClient;
let made = 0;

const config = (): KubeConfig => {
  const loaded = new KubeConfig();
  loaded.loadFromFile(plane.kubeconfig);
  return loaded;
};
const client = (options: KubeClientOptions = {}): KubeClient => clientOf(options, config());

async function newNamespace(): Promise<string> {
  const name = `restart-${made++}`;
  await admin.create(NAMESPACES, { metadata: { name } });
  return name;
}

const set = (namespace: string, name: string, value: string): Promise<unknown> =>
  setConfigMap({ namespace, name }, value, admin);

beforeAll(async () => {
  plane = await startControlPlane({ args: { 'kube-apiserver': ['--etcd-compaction-interval=1s'] } });
  admin = kubeClient(config());
});
afterAll(async () => {
  await admin.close();
  await plane.stop();
});

test('the reflector catches up after the API server was killed and restarted', async () => {
  const namespace = await newNamespace();
  for (const name of ['a', 'b']) await set(namespace, name, '1');
  const { reflector, restarts, values, followed } = reflect(namespace, { client: client() });
  reflector.start();
  await reflector.synced();
  await plane.kill('kube-apiserver');
  await expect.poll(() => restarts.length, PATIENCE).toBeGreaterThanOrEqual(3);
  expect(new Set(restarts)).toEqual(new Set(['Failed']));
  expect(values()).toEqual({ a: '1', b: '1' });
  await plane.start('kube-apiserver');
  await admin.delete(CONFIG_MAPS, { namespace, name: 'a' });
  await set(namespace, 'b', '2');
  await set(namespace, 'c', '1');
  await expect.poll(values, PATIENCE).toEqual({ b: '2', c: '1' });
  expect(followed()).toEqual({ b: '2', c: '1' });
});

test('after lost history it lists again, and reports what was deleted meanwhile', async () => {
  const namespace = await newNamespace();
  for (const name of ['a', 'b']) await set(namespace, name, '1');
  // The server's cache of events begins with the server, and etcd has forgotten the rest.
  await plane.restart('kube-apiserver');
  // As a watch that was cut off for hours would: only another list has a version that the server still knows.
  let lists = 0;
  const fromTheBeginning =
    (next: Transport): Transport =>
    async (call) => {
      if (call.verb !== 'watch' || lists > 1) {
        const answer = await next(call);
        if (call.verb === 'list' && answer.status === 200) lists += 1;
        return answer;
      }
      await admin.delete(CONFIG_MAPS, { namespace, name: 'b' }).catch(() => undefined);
      return next({ ...call, path: call.path.replace(/resourceVersion=\d+/, 'resourceVersion=1') });
    };
  const { reflector, restarts, changes, values } = reflect(namespace, { client: client({ wrap: fromTheBeginning }) });
  reflector.start();
  await expect.poll(values, PATIENCE).toEqual({ a: '1' });
  // A server that has just started may refuse a watch at first.
  expect(restarts.filter((why) => why !== 'Failed')).toEqual(['Gone']);
  expect(changes.at(-1)).toMatchObject({ key: `${namespace}/b`, old: { data: { value: '1' } } });
});

test('a list whose continue token expires is read again without paging', async () => {
  const namespace = await newNamespace();
  for (const name of ['a', 'b', 'c']) await set(namespace, name, '1');
  const forgotten =
    (next: Transport): Transport =>
    async (call) => {
      if (!call.path.includes('continue=')) return next(call);
      return until('etcd has forgotten the moment of the first page', async () => {
        await set(namespace, 'c', String(made++));
        const answer = await next(call);
        if (answer.status === 410) return answer;
        await answer.body.text();
        return undefined;
      });
    };
  const { options, count } = counting();
  const { reflector, values } = reflect(namespace, {
    client: client({ ...options, wrap: forgotten, timeoutMs: 60_000 }),
    timing: { pageSize: 2 },
  });
  reflector.start();
  await reflector.synced();
  expect(Object.keys(values()).sort()).toEqual(['a', 'b', 'c']);
  expect(count('list')).toBe(3);
});
