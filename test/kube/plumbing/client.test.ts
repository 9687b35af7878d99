import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError } from '@distillation/kube/api-error';
import type { Observation } from '@distillation/kube/calls';
import { CONFIG_MAPS } from '@distillation/kube/resources';
import type { WireConfigMap } from '@distillation/kube/wire';
import { KubeConfig } from '@kubernetes/client-node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { adminClient, adminConfig, newNamespace } from '../support/support.ts';
import { clientOf, proxiedClient, setConfigMap } from './support.ts';

const openSockets = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

/** The error with which a call was refused. */
async function refusal(call: Promise<unknown>): Promise<ApiError> {
  const thrown: unknown = await call.then(
    () => new Error('it was not refused'),
    (error: unknown) => error,
  );
  if (!(thrown instanceof ApiError)) throw thrown;
  return thrown;
}

const other = '00000000-0000-0000-0000-000000000000';

describe('connections', () => {
  test('200 sequential calls use no more than two', async () => {
    const client = clientOf();
    const before = openSockets();
    for (let i = 0; i < 200; i++) await client.find(CONFIG_MAPS, { namespace: 'default', name: `none-${i}` });
    // undici opens a second while the first is just becoming free.
    expect(openSockets()).toBeLessThanOrEqual(before + 2);
  });

  test('refused calls and aborted watches leave none open', async () => {
    const namespace = await newNamespace();
    const { client, proxy } = await proxiedClient();
    const target = { namespace, name: 'a' };
    const { resourceVersion } = await client.list(CONFIG_MAPS, { namespace, limit: 1 });
    expect(proxy.open).toBe(1);
    await refusal(client.get(CONFIG_MAPS, target));
    for (let i = 0; i < 20; i++) {
      const options = { namespace, resourceVersion, timeoutSeconds: 60, silenceMs: 60_000 };
      const watch = client.watch(CONFIG_MAPS, { ...options, signal: new AbortController().signal });
      const next = watch.next();
      await setConfigMap(target, String(i));
      expect((await next).done).toBe(false);
      await watch.return(undefined);
    }
    await expect.poll(() => proxy.open).toBeLessThanOrEqual(2);
  });

  test('a server that does not answer fails the call in time, and later calls take another connection', async () => {
    const { client, proxy } = await proxiedClient();
    await client.list(CONFIG_MAPS, { limit: 1 });
    proxy.freeze();
    const error = await refusal(client.withTimeout(1_000).list(CONFIG_MAPS, { limit: 1 }));
    expect(error).toMatchObject({ status: 0, reason: 'NoAnswer', isRetryable: true });
    proxy.thaw();
    await expect.poll(() => client.list(CONFIG_MAPS, { limit: 1 })).toHaveProperty('items');
  });

  test('every call is observed, including refused and unanswered ones', async () => {
    const seen: Observation[] = [];
    const client = clientOf({ onRequest: (each) => seen.push(each) });
    await client.list(CONFIG_MAPS, { limit: 1 });
    await refusal(client.get(CONFIG_MAPS, { namespace: 'default', name: 'none' }));
    await client.close();
    await refusal(client.delete(CONFIG_MAPS, { namespace: 'default', name: 'none' }));
    expect(seen.map(({ verb, resource, status }) => [verb, resource, status])).toEqual([
      ['list', 'configmaps', 200],
      ['get', 'configmaps', 404],
      ['delete', 'configmaps', 0],
    ]);
  });
});

describe('credentials', () => {
  test('a token file is read again as soon as it changes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'token-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [cluster, user] = [adminConfig().getCurrentCluster(), adminConfig().getCurrentUser()];
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'nobody');
    const config = new KubeConfig();
    if (cluster === null) throw new Error('no cluster');
    // As client-node describes the service account of a pod.
    config.loadFromClusterAndUser(cluster, { name: 'pod', authProvider: { name: 'tokenFile', config: { tokenFile } } });
    const client = clientOf({}, config);
    expect(await refusal(client.list(CONFIG_MAPS, { limit: 1 }))).toMatchObject({ status: 401 });
    await writeFile(tokenFile, `${user?.token ?? ''}\n`);
    expect((await client.list(CONFIG_MAPS, { namespace: 'default' })).resourceVersion).not.toBe('');
    await rm(tokenFile);
    await expect(client.list(CONFIG_MAPS, { limit: 1 })).rejects.toThrow(/ENOENT/);
  });
});

describe('objects', () => {
  test('all pages of a list have the same version', async () => {
    const namespace = await newNamespace();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await setConfigMap({ namespace, name }, '1');
    const selection = { namespace, labelSelector: 'distillation.dev/test' };
    const first = await adminClient().list(CONFIG_MAPS, { ...selection, limit: 3 });
    const second = await adminClient().list(CONFIG_MAPS, { ...selection, limit: 3, continue: first.continue });
    expect([...first.items, ...second.items].map((item) => item.metadata?.name)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(second).toMatchObject({ continue: undefined, resourceVersion: first.resourceVersion });
    const one = await adminClient().list(CONFIG_MAPS, { namespace, fieldSelector: 'metadata.name=c' });
    expect(one.items).toHaveLength(1);
  });

  test('what is applied for another UID is refused, whether there is one of the name or none', async () => {
    const namespace = await newNamespace();
    const target = { namespace, name: 'a' };
    const applyFor = (uid: string): Promise<WireConfigMap> =>
      adminClient().apply(CONFIG_MAPS, { metadata: { ...target, uid } }, { fieldManager: 'test', force: true });
    expect(await refusal(applyFor(other))).toMatchObject({ isOtherUid: true, status: 409 });
    const made = await setConfigMap(target, '1');
    expect(await refusal(applyFor(other))).toMatchObject({ isOtherUid: true, status: 422 });
    expect((await applyFor(made.metadata?.uid ?? '')).metadata?.uid).toBe(made.metadata?.uid);
  });

  test("another manager's field is taken over only by force", async () => {
    const namespace = await newNamespace();
    const target = { namespace, name: 'a' };
    await setConfigMap(target, '1');
    const object = { metadata: target, data: { value: '2' } } as WireConfigMap;
    const error = await refusal(adminClient().apply(CONFIG_MAPS, object, { fieldManager: 'second' }));
    expect(error).toMatchObject({ isConflict: true, isOtherUid: false });
    expect(error.causes).toContainEqual(expect.objectContaining({ field: '.data.value' }));
    const options = { fieldManager: 'second', force: true };
    expect((await adminClient().apply(CONFIG_MAPS, object, options)).data).toEqual({ value: '2' });
    // A field that its manager no longer applies is removed.
    expect((await adminClient().apply(CONFIG_MAPS, { metadata: target }, options)).data).toBeUndefined();
  });

  test('each precondition that fails is told as what it is', async () => {
    const namespace = await newNamespace();
    const target = { namespace, name: 'a' };
    const client = adminClient();
    const first = await setConfigMap(target, '1');
    await setConfigMap(target, '2');
    expect(await refusal(client.update(CONFIG_MAPS, first))).toMatchObject({ isConflict: true, isOtherUid: false });
    const again = await refusal(client.create(CONFIG_MAPS, { metadata: target }));
    expect(again).toMatchObject({ isConflict: true, isAlreadyExists: true });
    const patch = { metadata: { uid: other }, data: { value: '3' } };
    expect(await refusal(client.mergePatch(CONFIG_MAPS, target, patch))).toMatchObject({ isOtherUid: true });
    expect(await refusal(client.delete(CONFIG_MAPS, target, { uid: other }))).toMatchObject({ isOtherUid: true });
    expect((await client.mergePatch(CONFIG_MAPS, target, { data: { value: null } })).data ?? {}).toEqual({});
    await client.delete(CONFIG_MAPS, target, { uid: first.metadata?.uid });
    expect(await refusal(client.delete(CONFIG_MAPS, target))).toMatchObject({ isNotFound: true });
    expect(await client.find(CONFIG_MAPS, target)).toBeUndefined();
  });
});
