import { DEFAULT_USER } from '@distillation/api/labels';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type KubeObject, VOLUME_CLAIMS } from '@distillation/kube/resources';
import type { WireClaim } from '@distillation/kube/wire';
import type { Connection } from './access/connect.ts';

/**
 * Volumes of a cluster whose nodes all run on this machine: folders that all pods can write to. As with NFS, the kubelet does not apply
 * fsGroup to them, so they belong to the pods' user from the start.
 */

const CLASS = 'machine';

interface FolderVolume {
  readonly name: string;
  /** The folder on this machine, which must exist. */
  readonly path: string;
  /** The one claim that it is for. */
  readonly claim: { readonly namespace: string; readonly name: string; readonly uid?: string };
  /** Empty for claims without a storage class. */
  readonly storageClass: string;
  readonly size?: string;
}

/** A PersistentVolume for a folder, which is kept when the claim is deleted. */
export function folderVolume({ name, path, claim, storageClass, size = '20Gi' }: FolderVolume): KubeObject {
  const object = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany'],
      capacity: { storage: size },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: storageClass,
      claimRef: claim,
      hostPath: { path, type: 'Directory' },
    },
  };
  return object;
}

/**
 * Creates a default storage class and then, like a cloud's provisioner, a volume for every claim of it.
 * @param folder parent of the volumes' folders NAMESPACE-NAME-UID
 * @returns a function that stops it; volumes and folders are kept
 */
export async function provideVolumes(connection: Connection, folder: string): Promise<() => Promise<void>> {
  const storageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: CLASS, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'distillation.dev/machine',
    volumeBindingMode: 'Immediate',
    reclaimPolicy: 'Retain',
  };
  await connection.apply(storageClass);
  const stop = new AbortController();
  const serving = serve(connection, folder, stop.signal);
  return async () => {
    stop.abort();
    await serving;
  };
}

async function serve(connection: Connection, folder: string, signal: AbortSignal): Promise<void> {
  const made = new Set<string>();
  while (!signal.aborted) {
    // The API server may be restarted meanwhile.
    const { items } = await connection.client.list(VOLUME_CLAIMS).catch(() => ({ items: [] as WireClaim[] }));
    for (const { metadata, spec } of items) {
      const { namespace = '', name = '', uid = '' } = metadata ?? {};
      if (spec?.storageClassName !== CLASS || spec.volumeName !== undefined || made.has(uid)) continue;
      const path = join(folder, `${namespace}-${name}-${uid}`);
      await mkdir(path, { recursive: true });
      await chown(path, DEFAULT_USER, DEFAULT_USER);
      const size = spec.resources?.requests?.['storage'];
      const claim = { namespace, name, uid };
      const volume = folderVolume({ name: `pvc-${uid}`, path, claim, storageClass: CLASS, ...(size && { size }) });
      await connection.apply(volume).then(
        () => made.add(uid),
        () => undefined,
      );
    }
    await sleep(500, undefined, { signal }).catch(() => undefined);
  }
}
