import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CONFIG_MAPS, JOBS, PODS, type KubeObject, type Resource } from '@distillation/kube/resources';
import { KubeConfig } from '@kubernetes/client-node';
import { load } from 'js-yaml';
import { DISTILLATION_JOBS } from '../../../operator/src/objects/distillation-jobs.ts';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { connect } from '../../../tools/kube-harness/access/connect.ts';
import { admin, adminClient, adminConfig, adminKubeconfig } from './support.ts';

const BASE = join(import.meta.dirname, '../../../manifests/base');
const CHART_RULES = join(import.meta.dirname, '../../../charts/distillation-operator/files/rules.yaml');
const NAMESPACE = 'distillation-system';
const ACCOUNT = 'distillation-operator';

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const SECRETS: Resource<Secret> = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret', namespaced: true };

const WATCHED: readonly Resource[] = [DISTILLATION_JOBS, JOBS, PODS, CONFIG_MAPS];

/** By control plane and account: a token of one control plane is none of another. */
const files = new Map<string, Promise<string>>();

/** The next file may use another control plane. */
export function forgetAccounts(): void {
  files.clear();
}

/**
 * Path of a kubeconfig of the operator's own service account with the rights that the manifests give it and no more, so that every
 * test under it proves that they suffice.
 */
export async function operatorKubeconfig(): Promise<string> {
  return once(ACCOUNT, async () => {
    for (const name of ['namespace.yaml', 'service-account.yaml', 'rbac.yaml'])
      await admin().applyFile(join(BASE, name));
    const path = await kubeconfigOf(ACCOUNT);
    const connection = connect(path);
    // The server heeds a binding a moment after it is there.
    await until('the operator may read what it watches', () =>
      Promise.all(WATCHED.map((resource) => connection.client.list(resource, { limit: 1 }))),
    );
    await connection.close();
    return path;
  });
}

/** Path of a kubeconfig of a service account that has no rights. */
export async function powerlessKubeconfig(): Promise<string> {
  return once('powerless', async () => {
    await admin().applyFile(join(BASE, 'namespace.yaml'));
    await admin().apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'powerless' } }, NAMESPACE);
    return kubeconfigOf('powerless');
  });
}

/** Path of a kubeconfig of a service account of the chart that watches these namespaces by name: a Role in each. */
export async function scopedKubeconfig(namespaces: readonly string[]): Promise<string> {
  const account = 'scoped';
  return once(account, async () => {
    await admin().applyFile(join(BASE, 'namespace.yaml'));
    await admin().apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account } }, NAMESPACE);
    for (const namespace of namespaces) await grantScoped(namespace);
    return kubeconfigOf(account);
  });
}

/** Gives that account its rights in a namespace, as the chart does. */
export async function grantScoped(namespace: string): Promise<void> {
  const rules = load(await readFile(CHART_RULES, 'utf8')) as { readonly operator: unknown };
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { name: 'scoped' };
  await admin().apply({ apiVersion, kind: 'Role', metadata, rules: rules.operator } as KubeObject, namespace);
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'scoped' };
  const subjects = [{ kind: 'ServiceAccount', name: 'scoped', namespace: NAMESPACE }];
  await admin().apply({ apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects } as KubeObject, namespace);
}

function once(account: string, make: () => Promise<string>): Promise<string> {
  const key = `${adminKubeconfig()} ${account}`;
  const made = files.get(key) ?? make();
  files.set(key, made);
  return made;
}

async function kubeconfigOf(account: string): Promise<string> {
  const metadata = { name: `${account}-token`, annotations: { 'kubernetes.io/service-account.name': account } };
  await admin().apply(
    { apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/service-account-token' } as KubeObject,
    NAMESPACE,
  );
  const token = await until(`the service account ${account} has a token`, async () => {
    const { data } = await adminClient().get(SECRETS, { namespace: NAMESPACE, name: metadata.name });
    return data?.['token'];
  });
  const config = new KubeConfig();
  const cluster = adminConfig().getCurrentCluster();
  if (cluster === null) throw new Error('the administrator has no cluster');
  config.loadFromClusterAndUser(cluster, { name: account, token: Buffer.from(token, 'base64').toString() });
  // Beside the administrator's: it holds a token, and goes with the control plane.
  const folder = await mkdtemp(join(dirname(adminKubeconfig()), `${account}-`));
  const path = join(folder, 'kubeconfig');
  await writeFile(path, config.exportConfig(), { mode: 0o600 });
  return path;
}
