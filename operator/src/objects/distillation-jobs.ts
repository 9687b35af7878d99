import { DISTILLATION_JOB_RESOURCE } from '@distillation/api/job-object';
import { CONFIG_MAPS, JOBS, PODS, type Resource } from '@distillation/kube/resources';
import type { DistillationJobObject } from './snapshot.ts';

export const DISTILLATION_JOBS: Resource<DistillationJobObject> = DISTILLATION_JOB_RESOURCE;

/** Resources that the operator watches and caches. */
export const WATCHED: readonly Resource[] = [DISTILLATION_JOBS, JOBS, PODS, CONFIG_MAPS];
