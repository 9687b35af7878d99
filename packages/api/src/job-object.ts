import type { DistillationJob, DistillationJobStatus } from './job.ts';
import { API_VERSION, KIND } from './words.ts';

const [group = '', version = ''] = API_VERSION.split('/');

/** Where the API server has jobs: `/apis/GROUP/VERSION/namespaces/NAMESPACE/PLURAL`. */
export const DISTILLATION_JOB_RESOURCE = {
  group,
  version,
  plural: 'distillationjobs',
  kind: KIND,
  namespaced: true,
} as const;

/** A job as the API server returns it, with defaults filled in; `Metadata` is what the client has for object metadata. */
export interface DistillationJobOf<Metadata> extends Omit<DistillationJob, 'metadata' | 'status'> {
  readonly metadata: Metadata;
  readonly status?: DistillationJobStatus;
}
