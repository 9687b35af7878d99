import type { ClusterDefaults } from '@distillation/core/pod-classes';

/**
 * The part of the operator's configuration that its children are created from. It does not enter their revision, so that upgrading the
 * operator restarts no running job.
 */
export interface ChildConfig extends ClusterDefaults {
  /** Image of the pods whose template names none. */
  readonly workerImage: string;
  /** Absent: Kubernetes' default, which depends on the image's tag. */
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** Whether a pod that was given a GPU must compute on it; false in tests with simulated GPUs. */
  readonly requireGpu: boolean;
  /** User ID of the pods; absent: that of the image, or one that the platform assigns (OpenShift). */
  readonly runAsUser?: number;
  /** Group ID that volumes are made writable for; absent: none, or one that the platform assigns. */
  readonly fsGroup?: number;
  /** Keys of labels of a job that its children get too. */
  readonly propagateLabels?: readonly string[];
  readonly operatorVersion: string;
}

/** Picks the child configuration from the operator's options. */
export function childConfig(options: Omit<ChildConfig, 'operatorVersion'>, operatorVersion: string): ChildConfig {
  const { workerImage, imagePullPolicy, requireGpu, runAsUser, fsGroup, propagateLabels } = options;
  const { podDefaults, podClasses } = options;
  return {
    workerImage,
    requireGpu,
    operatorVersion,
    ...(imagePullPolicy !== undefined && { imagePullPolicy }),
    ...(runAsUser !== undefined && { runAsUser }),
    ...(fsGroup !== undefined && { fsGroup }),
    ...(propagateLabels !== undefined && { propagateLabels }),
    ...(podDefaults !== undefined && { podDefaults }),
    ...(podClasses !== undefined && { podClasses }),
  };
}
