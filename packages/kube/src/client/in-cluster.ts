import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { ApiConfig } from './credentials.ts';
import { ConfigError } from './config-error.ts';

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Access by the service account of the pod that this runs in. client-node could do it too, but loading it takes a quarter of a second, and a
 * pod needs nothing else from it.
 *
 * @returns undefined outside of a pod
 * @throws ConfigError in a pod without a service account token
 */
export function inClusterConfig(
  env: NodeJS.ProcessEnv,
  folder = FOLDER,
): (ApiConfig & { readonly namespace: string | undefined }) | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (host === undefined || port === undefined) return undefined;
  const [tokenFile, caFile, namespaceFile] = ['token', 'ca.crt', 'namespace'].map((name) => join(folder, name));
  if (tokenFile === undefined || caFile === undefined || !existsSync(tokenFile)) {
    throw new ConfigError(
      `There is no service account token in ${folder}: let the pod have one (automountServiceAccountToken), or give --kubeconfig.`,
    );
  }
  const name = 'in-cluster';
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return {
    namespace:
      namespaceFile !== undefined && existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : undefined,
    getCurrentCluster: () => ({ name, server, caFile, skipTLSVerify: false }),
    getCurrentContext: () => name,
    getCurrentUser: () => ({ name, authProvider: { name: 'tokenFile', config: { tokenFile } } }),
    applyToHTTPSOptions: (options: { ca?: unknown }) => {
      // Read again each time: the file changes when the cluster's CA is rotated.
      options.ca = readFileSync(caFile);
      return Promise.resolve();
    },
    createDispatcherOptions: (_cluster, tls) => ({ type: 'agent', connect: tls }),
  };
}
