import { existsSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { type KubeClient, kubeClient } from '@distillation/kube/client';
import { ConfigError } from '@distillation/kube/config-error';
import type { ApiConfig } from '@distillation/kube/credentials';
import { inClusterConfig } from '@distillation/kube/in-cluster';
import type { KubeConfig } from '@kubernetes/client-node';
import type { ClusterOptions } from './options.ts';

/** How commands reach a cluster: as kubectl does. */
export interface ClusterAccess {
  readonly client: KubeClient;
  /** For what the client does not speak: `exec` into a pod, which is a WebSocket. */
  readonly config: ApiConfig;
  /** Of the flag, else of the context, else `default`. */
  readonly namespace: string;
  /** URL of the API server, for messages. */
  readonly server: string;
  close(): Promise<void>;
}

/** Does something on the cluster that the flags name, and closes the connection whatever comes. @throws DistillError DISTILL_E_KUBECONFIG */
export async function onCluster<T>(options: ClusterOptions, act: (access: ClusterAccess) => Promise<T>): Promise<T> {
  const access = await accessCluster(options);
  try {
    return await act(access);
  } finally {
    await access.close();
  }
}

/** For the commands that have `--local`; `plan`, `run` and others do, `get` does not. */
const elsewhere = ({ hasLocal }: ClusterOptions): string[] =>
  hasLocal === true ? ['On this machine alone, without a cluster: the same command with --local.'] : [];

/**
 * The cluster that flags, `$KUBECONFIG` or `~/.kube/config` name; in a pod without any of them, the pod's own. Opens no connection yet.
 * @throws DistillError DISTILL_E_KUBECONFIG
 */
export async function accessCluster(
  options: ClusterOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ClusterAccess> {
  const { config, namespace } = await configOf(options, env);
  try {
    const client = kubeClient(config);
    return {
      client,
      config,
      namespace: options.namespace ?? namespace ?? 'default',
      server: config.getCurrentCluster()?.server ?? '',
      close: () => client.close(),
    };
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    throw new DistillError('DISTILL_E_KUBECONFIG', thrown.message, { cause: thrown });
  }
}

async function configOf(
  options: ClusterOptions,
  env: NodeJS.ProcessEnv,
): Promise<{ config: ApiConfig; namespace: string | undefined }> {
  const files = kubeconfigFiles(options, env);
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length === files.length) {
    const pod = options.kubeconfig === undefined ? inClusterConfig(env) : undefined;
    if (pod !== undefined) return { config: pod, namespace: pod.namespace };
    throw new DistillError('DISTILL_E_KUBECONFIG', `There is no kubeconfig: no file ${missing.join(', ')}.`, {
      subject: missing[0] ?? '',
      fix: ['Name one by --kubeconfig or $KUBECONFIG.', ...elsewhere(options)].join(' '),
    });
  }
  // Imported late: most commands need no cluster, and it takes a quarter of a second.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    if (options.kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(options.kubeconfig);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new DistillError('DISTILL_E_KUBECONFIG', `The kubeconfig ${files.join(', ')} cannot be read: ${why}`, {
      subject: files[0] ?? '',
      cause: thrown,
    });
  }
  setContext(config, options);
  return {
    config: withGroups(config, options),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
  };
}

/** The files that kubectl would read, in its order. */
function kubeconfigFiles({ kubeconfig }: ClusterOptions, env: NodeJS.ProcessEnv): string[] {
  if (kubeconfig !== undefined) return [kubeconfig];
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  return named.length > 0 ? named : [join(env['HOME'] ?? homedir(), '.kube', 'config')];
}

function setContext(config: KubeConfig, options: ClusterOptions): void {
  const { context, as } = options;
  if (context !== undefined) {
    if (config.getContextObject(context) === null) {
      const there = config.getContexts().map(({ name }) => name);
      throw new DistillError('DISTILL_E_KUBECONFIG', `The kubeconfig has no context ${context}.`, {
        subject: '--context',
        fix: `Give one that it has: ${there.join(', ') || 'it has none'}.`,
      });
    }
    config.setCurrentContext(context);
  }
  if (config.getCurrentCluster() === null) {
    throw new DistillError('DISTILL_E_KUBECONFIG', 'The kubeconfig names no cluster as its current context.', {
      fix: ['Choose one by `kubectl config use-context` or --context.', ...elsewhere(options)].join(' '),
    });
  }
  if (as === undefined) return;
  const user = config.getCurrentUser();
  config.users = config.users.filter((one) => one !== user);
  config.users.push({ ...user, name: user?.name ?? '', impersonateUser: as });
}

/** client-node knows the user to impersonate, not the groups. */
function withGroups(config: KubeConfig, { as, asGroup }: ClusterOptions): ApiConfig {
  if (asGroup === undefined) return config;
  if (as === undefined) {
    throw new DistillError('DISTILL_E_USAGE', '--as-group needs --as: a group alone cannot be impersonated.');
  }
  const apply = config.applyToHTTPSOptions.bind(config);
  config.applyToHTTPSOptions = async (options: RequestOptions) => {
    await apply(options);
    options.headers = Object.assign({}, options.headers, { 'Impersonate-Group': [...asGroup] });
  };
  return config;
}
