import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { kubeClient, type KubeClient } from '@distillation/kube/client';
import type { KubeObject, Resource } from '@distillation/kube/resources';
import { KubeConfig } from '@kubernetes/client-node';
import { loadAll } from 'js-yaml';
import { httpsReader } from './https-get.ts';
import { until } from './until.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
}

interface CustomResourceDefinition extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Namespace extends KubeObject {
  readonly status?: { readonly phase?: string };
}

const CUSTOM_RESOURCE_DEFINITIONS: Resource<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
};
export const NAMESPACES: Resource<Namespace> = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
};
const SERVICE_ACCOUNTS: Resource = {
  group: '',
  version: 'v1',
  plural: 'serviceaccounts',
  kind: 'ServiceAccount',
  namespaced: true,
};

/** What tests do to any cluster, with the operator's own client. */
export interface Connection {
  readonly client: KubeClient;
  /** Applies every document of a YAML file, in its order; those without a namespace of their own go to `namespace`. @returns them as the server has them */
  applyFile(file: string, namespace?: string): Promise<KubeObject[]>;
  apply(object: KubeObject, namespace?: string): Promise<KubeObject>;
  /** Applies every definition of the folder and waits until its objects can be made. */
  installCustomResources(folder: string): Promise<void>;
  /** A namespace under Pod Security `restricted`, ready to take pods. */
  createNamespace(name: string): Promise<void>;
  /** The resource of an object's kind, as the server's discovery has it. */
  resourceOf(object: KubeObject): Promise<Resource>;
  close(): Promise<void>;
}

/** @param kubeconfig path; it must hold certificate and token themselves, as those of `startControlPlane` do */
export function connect(kubeconfig: string): Connection {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const client = kubeClient(config);
  const cluster = config.getCurrentCluster();
  const certificate = Buffer.from(cluster?.caData ?? '', 'base64').toString();
  const discovery = httpsReader(cluster?.server ?? '', certificate, config.getCurrentUser()?.token ?? '');

  const known = new Map<string, Resource>();
  const resourceOf = async ({ apiVersion = '', kind = '' }: KubeObject): Promise<Resource> => {
    const key = `${apiVersion} ${kind}`;
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const [group, version] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['', apiVersion];
    const { resources } = JSON.parse(await discovery.read(`/${group === '' ? 'api' : 'apis'}/${apiVersion}`)) as {
      resources: readonly { name: string; kind: string; namespaced: boolean }[];
    };
    const found = resources.find((resource) => resource.kind === kind && !resource.name.includes('/'));
    if (found === undefined) throw new Error(`the server has no ${kind} of ${apiVersion}`);
    const resource: Resource = { group, version, kind, plural: found.name, namespaced: found.namespaced };
    known.set(key, resource);
    return resource;
  };

  const apply = async (object: KubeObject, namespace = 'default'): Promise<KubeObject> => {
    const resource = await resourceOf(object);
    const metadata = resource.namespaced ? { namespace, ...object.metadata } : object.metadata;
    return client.apply(resource, { ...object, metadata: metadata ?? {} }, { fieldManager: 'test', force: true });
  };

  const documentsOf = async (file: string): Promise<KubeObject[]> =>
    loadAll(await readFile(file, 'utf8')).filter((one): one is KubeObject => typeof one === 'object' && one !== null);

  return {
    client,
    resourceOf,
    apply,
    applyFile: async (file, namespace) => {
      const applied: KubeObject[] = [];
      for (const object of await documentsOf(file)) applied.push(await apply(object, namespace));
      return applied;
    },
    installCustomResources: async (folder) => {
      for (const entry of await readdir(folder)) {
        if (!entry.endsWith('.yaml')) continue;
        for (const object of await documentsOf(join(folder, entry))) {
          // A kustomization is no object.
          if (object.kind !== CUSTOM_RESOURCE_DEFINITIONS.kind) continue;
          const name = object.metadata?.name ?? '';
          await apply(object);
          await until(`${name} is established and served`, async () => {
            const definition = await client.get(CUSTOM_RESOURCE_DEFINITIONS, { name });
            const conditions = definition.status?.conditions ?? [];
            if (!conditions.some(({ type, status }) => type === 'Established' && status === 'True')) return undefined;
            const { group, names, versions } = (definition as { spec?: CustomResourceSpec }).spec ?? {};
            const version = versions?.[0]?.name ?? '';
            await client.list(await resourceOf({ apiVersion: `${group ?? ''}/${version}`, kind: names?.kind ?? '' }));
            return true;
          });
        }
      }
    },
    createNamespace: async (name) => {
      const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
      await client.create(NAMESPACES, { metadata: { name, labels } });
      await until(`namespace ${name} has its service account`, () =>
        client.find(SERVICE_ACCOUNTS, { namespace: name, name: 'default' }),
      );
    },
    close: () => client.close(),
  };
}

interface CustomResourceSpec {
  readonly group: string;
  readonly names: { readonly kind: string };
  readonly versions: readonly { readonly name: string }[];
}
