import { DistillError } from '@distillation/api/errors';
import type { ApiConfig } from '@distillation/kube/credentials';
import { inClusterConfig } from '@distillation/kube/in-cluster';
import type { OperatorOptions } from './options.ts';

/** How the operator reaches the API server. */
export interface Access {
  readonly config: ApiConfig;
  /** The namespace of the service account or kubeconfig context, if any. */
  readonly namespace: string | undefined;
}

/** The pod's service account, unless a kubeconfig is given. @throws DistillError DISTILL_E_USAGE when the kubeconfig cannot be read */
export async function accessTo({ kubeconfig }: OperatorOptions, env: NodeJS.ProcessEnv): Promise<Access> {
  const inCluster = kubeconfig === undefined && env['KUBECONFIG'] === undefined ? inClusterConfig(env) : undefined;
  if (inCluster !== undefined) return { config: inCluster, namespace: inCluster.namespace };
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (error) {
    const which = kubeconfig === undefined ? 'The default kubeconfig' : `--kubeconfig ${kubeconfig}`;
    const why = error instanceof Error ? error.message : String(error);
    throw new DistillError('DISTILL_E_USAGE', `${which} cannot be read: ${why}.`, { cause: error });
  }
  return { config, namespace: config.getContextObject(config.getCurrentContext())?.namespace };
}
