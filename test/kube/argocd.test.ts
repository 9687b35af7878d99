import { readFile } from 'node:fs/promises';
import { CONFIG_MAPS, type KubeObject } from '@distillation/kube/resources';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { admin, adminClient, newNamespace } from './support/support.ts';

it('adds the health check to Argo CD’s settings and leaves the others', async () => {
  const namespace = await newNamespace();
  await adminClient().create(CONFIG_MAPS, {
    metadata: { namespace, name: 'argocd-cm' },
    data: { url: 'https://argo' },
  });
  const file = new URL('../../manifests/argocd/argocd-cm.yaml', import.meta.url);
  const settings = load(await readFile(file, 'utf8')) as KubeObject;
  await admin().apply({ ...settings, metadata: { ...settings.metadata, namespace } });
  const { data } = await adminClient().get(CONFIG_MAPS, { namespace, name: 'argocd-cm' });
  expect(data?.['url']).toBe('https://argo');
  expect(data?.['resource.customizations.health.distillation.dev_DistillationJob']).toContain('return health(');
});
