import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeClient } from '@distillation/kube/client';
import { inClusterConfig } from '@distillation/kube/in-cluster';
import { DISTILLATION_JOBS } from '../../operator/src/objects/distillation-jobs.ts';
import { KubeConfig } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { operatorKubeconfig } from './support/operator-account.ts';

/** What a kubelet mounts into the operator's pod. */
async function mounted(): Promise<{ folder: string; env: NodeJS.ProcessEnv; token: string }> {
  const config = new KubeConfig();
  config.loadFromFile(await operatorKubeconfig());
  const { hostname, port } = new URL(config.getCurrentCluster()?.server ?? '');
  const folder = await mkdtemp(join(tmpdir(), 'distill-account-'));
  const token = config.getCurrentUser()?.token ?? '';
  await writeFile(join(folder, 'token'), `${token}\n`);
  await writeFile(join(folder, 'ca.crt'), Buffer.from(config.getCurrentCluster()?.caData ?? '', 'base64'));
  await writeFile(join(folder, 'namespace'), 'distillation-system');
  return { folder, env: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port }, token };
}

test('in a pod the operator speaks as its service account, and takes a new token as soon as it is there', async () => {
  const { folder, env, token } = await mounted();
  const config = inClusterConfig(env, folder);
  if (config === undefined) throw new Error('not taken for a pod');
  expect(config.namespace).toBe('distillation-system');
  const client = kubeClient(config);
  try {
    expect(await client.list(DISTILLATION_JOBS)).toHaveProperty('items');
    await writeFile(join(folder, 'token'), 'expired');
    await expect(client.list(DISTILLATION_JOBS)).rejects.toMatchObject({ status: 401 });
    await writeFile(join(folder, 'token'), token);
    expect(await client.list(DISTILLATION_JOBS)).toHaveProperty('items');
  } finally {
    await client.close();
    await rm(folder, { recursive: true });
  }
});

test('outside of a pod there is no such access, and one without a token is told so', () => {
  expect(inClusterConfig({})).toBeUndefined();
  const env = { KUBERNETES_SERVICE_HOST: '::1', KUBERNETES_SERVICE_PORT: '443' };
  expect(() => inClusterConfig(env, '/nowhere')).toThrow(/no service account token in \/nowhere/);
});
