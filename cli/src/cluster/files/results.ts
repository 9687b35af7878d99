import { DistillError } from '@distillation/api/errors';
import type { ClusterAccess } from '../access.ts';
import type { JobObject } from '../jobs.ts';
import { named } from '../status/result.ts';
import type { Results } from './fetch.ts';
import { mountsOf } from './pod.ts';
import { findSettings } from './settings.ts';
import type { Errand } from './through-pod.ts';

/** The pod that reads a job's volume. */
export async function resultsPod(
  access: ClusterAccess,
  job: JobObject,
  image: string | undefined,
): Promise<Errand<unknown>['pod']> {
  const { workerTemplate: template, volume } = job.spec.cluster;
  return {
    settings: await findSettings(access, { image, job: { name: job.metadata.name, template } }),
    mounts: mountsOf(volume === undefined ? {} : { volume }),
    readOnly: true,
  };
}

/** Where the results of a job lie. @throws DistillError DISTILL_E_NO_RESULT */
export function resultsOf({ metadata, status, spec }: JobObject): Results {
  const result = status?.result;
  if (result !== undefined) {
    return {
      job: metadata.name,
      folder: `work/${spec.outputs.path}`,
      studentSha256: result.studentSha256,
    };
  }
  const said = status?.conditions?.find(({ type }) => type === 'Succeeded');
  const state = said === undefined ? 'has not begun' : `is ${said.reason}`;
  throw new DistillError('DISTILL_E_NO_RESULT', `The job ${metadata.name} ${state}: it has no student.`, {
    subject: metadata.name,
    fix: `Follow it by \`kubectl distill watch ${named(metadata)}\`, and run the same command when it has succeeded.`,
  });
}
