import { CONFIG_MAPS, JOBS, PODS, type Resource } from '@distillation/kube/resources';
import type { DistillationJobObject } from './snapshot.ts';

export const DISTILLATION_JOBS: Resource<DistillationJobObject> = {
  group: 'distillation.dev',
  version: 'v1alpha1',
  plural: 'distillationjobs',
  kind: 'DistillationJob',
  namespaced: true,
};

/** Resources that the operator watches and caches. */
export const WATCHED: readonly Resource[] = [DISTILLATION_JOBS, JOBS, PODS, CONFIG_MAPS];
