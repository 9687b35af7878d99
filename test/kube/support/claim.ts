import { type KubeObject, VOLUME_CLAIMS } from '@distillation/kube/resources';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { admin, adminClient } from './support.ts';

/** A volume and the claim `shared` on it, bound; no node will ever mount it. */
export async function bindClaim(namespace: string, name = 'shared'): Promise<void> {
  const common = { accessModes: ['ReadWriteMany'], storageClassName: '' };
  const size = { storage: '1Gi' };
  const volume = `${namespace}-${name}`;
  await admin().apply({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volume },
    spec: { ...common, capacity: size, hostPath: { path: '/nowhere' }, claimRef: { namespace, name } },
  } as KubeObject);
  await admin().apply(
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name },
      spec: { ...common, resources: { requests: size }, volumeName: volume },
    } as KubeObject,
    namespace,
  );
  await until(`claim ${name} is bound`, async () => {
    const { status } = await adminClient().get(VOLUME_CLAIMS, { namespace, name });
    return status?.phase === 'Bound' ? true : undefined;
  });
}
