import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { DistillError } from '@distillation/api/errors';
import type { ClusterSpec } from '@distillation/api/job';
import type { Wire } from '@distillation/kube/wire';

/** Mount paths in a pod. */
export const MOUNT = {
  work: '/volumes/work',
  teacher: '/volumes/teacher',
  dataset: '/volumes/dataset',
  /** The ConfigMap. */
  config: '/etc/distillation',
  /** The only writable folder that is not on a volume claim. */
  scratch: '/tmp',
} as const;

type Claim = NonNullable<ClusterSpec['volume']>;

interface ClaimMount {
  readonly claim: Claim;
  readonly path: string;
  readonly readOnly: boolean;
}

/**
 * The claims of a job and where they are mounted: the working volume, and those of teacher and data set where the spec names them.
 *
 * @throws DISTILL_E_MANIFEST_INVALID without a working volume
 */
export function claimMounts({ volume, teacherVolume, datasetVolume }: ClusterSpec): readonly ClaimMount[] {
  if (volume === undefined) {
    throw new DistillError('DISTILL_E_MANIFEST_INVALID', 'The field spec.cluster.volume is absent.', {
      subject: 'spec.cluster.volume',
      fix: 'Write `volume: {claimName: NAME}` there, with a claim that all pods can write to.',
    });
  }
  return [
    { claim: volume, path: MOUNT.work, readOnly: false },
    ...(teacherVolume === undefined ? [] : [{ claim: teacherVolume, path: MOUNT.teacher, readOnly: true }]),
    ...(datasetVolume === undefined ? [] : [{ claim: datasetVolume, path: MOUNT.dataset, readOnly: true }]),
  ];
}

/** Every claim that a job's pods mount, with its path in the manifest: those of the spec, and those that a template adds. */
export function namedClaims({
  volume,
  teacherVolume,
  datasetVolume,
  workerTemplate,
  finalizerTemplate,
}: ClusterSpec): readonly { readonly field: string; readonly claimName: string }[] {
  const own = Object.entries({ volume, teacherVolume, datasetVolume }).flatMap(([field, claim]) =>
    claim === undefined ? [] : [{ field: `spec.cluster.${field}`, claimName: claim.claimName }],
  );
  const added = Object.entries({ workerTemplate, finalizerTemplate }).flatMap(([role, template]) =>
    (template?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) =>
      claim === undefined ? [] : [{ field: `spec.cluster.${role}.volumes`, claimName: claim.claimName }],
    ),
  );
  return [...own, ...added];
}

/** Volumes of a pod and their mounts in its container. */
export function podVolumes(
  mounts: readonly ClaimMount[],
  configMap: string,
): { volumes: Wire<V1Volume>[]; volumeMounts: Wire<V1VolumeMount>[] } {
  // One volume per claim, however many folders of it are mounted: a kubelet may wait for ever for a claim that a pod lists twice.
  const claimNames = [...new Set(mounts.map(({ claim }) => claim.claimName))];
  const volumeName = (claimName: string): string => `claim-${claimNames.indexOf(claimName)}`;
  return {
    volumes: [
      ...claimNames.map((claimName) => {
        const readOnly = mounts.every((mount) => mount.claim.claimName !== claimName || mount.readOnly);
        return {
          name: volumeName(claimName),
          persistentVolumeClaim: { claimName, ...(readOnly && { readOnly }) },
        };
      }),
      { name: 'config', configMap: { name: configMap } },
      { name: 'scratch', emptyDir: {} },
    ],
    volumeMounts: [
      ...mounts.map(({ claim: { claimName, subPath }, path, readOnly }) => ({
        name: volumeName(claimName),
        mountPath: path,
        ...(subPath !== undefined && { subPath }),
        ...(readOnly && { readOnly }),
      })),
      { name: 'config', mountPath: MOUNT.config, readOnly: true },
      { name: 'scratch', mountPath: MOUNT.scratch },
    ],
  };
}
