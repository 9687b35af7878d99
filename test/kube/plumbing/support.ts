import { kubeClient, type KubeClient, type KubeClientOptions } from '@distillation/kube/client';
import { CONFIG_MAPS } from '@distillation/kube/resources';
import type { WireConfigMap } from '@distillation/kube/wire';
import { KubeConfig } from '@kubernetes/client-node';
import { onTestFinished } from 'vitest';
import { adminClient, adminConfig } from '../support/support.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** A client of its own for a test, closed with it. */
export function clientOf(options: KubeClientOptions = {}, config: KubeConfig = adminConfig()): KubeClient {
  const client = kubeClient(config, options);
  onTestFinished(() => client.close());
  return client;
}

/** The administrator's kubeconfig with another address of the API server. */
function configFor(server: string, config: KubeConfig = adminConfig()): KubeConfig {
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  if (cluster === null || user === null) throw new Error('the kubeconfig has no cluster or user');
  const moved = new KubeConfig();
  moved.loadFromClusterAndUser({ ...cluster, server }, user);
  return moved;
}

/** A client whose connections to the API server can be frozen and cut. */
export async function proxiedClient(options: KubeClientOptions = {}): Promise<{ client: KubeClient; proxy: TcpProxy }> {
  const proxy = await startTcpProxy(adminConfig().getCurrentCluster()?.server ?? '');
  onTestFinished(() => proxy.close());
  return { client: clientOf(options, configFor(proxy.url)), proxy };
}

/** Creates or changes a ConfigMap. */
export const setConfigMap = (
  target: { readonly namespace: string; readonly name: string },
  value: string,
  client: KubeClient = adminClient(),
): Promise<WireConfigMap> =>
  client.apply<WireConfigMap>(
    CONFIG_MAPS,
    { metadata: { ...target, labels: { 'distillation.dev/test': 'plumbing' } }, data: { value } } as WireConfigMap,
    { fieldManager: 'test', force: true },
  );
