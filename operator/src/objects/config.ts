/** What the operator's own configuration decides about its children. None of it is in a revision: an upgraded operator restarts no running job. */
export interface ChildConfig {
  /** Image of the pods whose template names none. */
  readonly workerImage: string;
  /** Kubernetes' own default (by the image's tag) when absent. */
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** Whether a pod that was given a GPU must compute on it; false where GPUs are only played (tests). */
  readonly requireGpu: boolean;
  /** User id of the pods; absent: the image's, or what the platform assigns (OpenShift). */
  readonly runAsUser?: number;
  /** Group that the volumes are made writable for; absent: none, or what the platform assigns. */
  readonly fsGroup?: number;
  readonly operatorVersion: string;
}

/** Of what the operator was started with, what decides about its children. */
export function childConfig(
  { workerImage, imagePullPolicy, requireGpu, runAsUser, fsGroup }: Omit<ChildConfig, 'operatorVersion'>,
  operatorVersion: string,
): ChildConfig {
  return {
    workerImage,
    requireGpu,
    operatorVersion,
    ...(imagePullPolicy !== undefined && { imagePullPolicy }),
    ...(runAsUser !== undefined && { runAsUser }),
    ...(fsGroup !== undefined && { fsGroup }),
  };
}

/** User and group id of the pods unless configured otherwise: the `nonroot` of distroless images, with no meaning on any node. */
export const DEFAULT_USER = 65532;
