import { DISTILLATION_JOB_RESOURCE, type DistillationJobOf } from '@distillation/api/job-object';
import { isApiError } from '@distillation/kube/api-error';
import type { Resource } from '@distillation/kube/resources';
import type { WireMeta } from '@distillation/kube/wire';
import type { WrittenJob } from '../commands/manifest.ts';
import type { ClusterAccess } from './access.ts';
import { attempt, definitionMissing, jobMissing } from './api-errors.ts';
import { refusedByOlder } from './definition.ts';

/** A job as the API server returns it. */
export type JobObject = DistillationJobOf<WireMeta>;

export const JOBS_OF_OURS: Resource<JobObject> = DISTILLATION_JOB_RESOURCE;

/** Who sets the fields that the commands write. */
const FIELD_MANAGER = 'kubectl-distill';

/**
 * The job of this name.
 * @throws DistillError DISTILL_E_JOB_NOT_FOUND, DISTILL_E_NOT_INSTALLED and those of `attempt`
 */
export async function getJob(access: ClusterAccess, name: string): Promise<JobObject> {
  const job = await findJob(access, name);
  if (job !== undefined) return job;
  if (!(await isInstalled(access))) throw definitionMissing(access);
  throw jobMissing(access, name);
}

/** The job of this name, if it is there. @throws DistillError those of `attempt` */
export const findJob = (access: ClusterAccess, name: string): Promise<JobObject | undefined> =>
  attempt(access, `read the job ${name}`, () =>
    access.client.find(JOBS_OF_OURS, { namespace: access.namespace, name }),
  );

/**
 * All jobs of the namespace, or of all namespaces, by namespace and name.
 * @throws DistillError DISTILL_E_NOT_INSTALLED and those of `attempt`
 */
export async function listJobs(access: ClusterAccess, scope: 'Namespace' | 'All'): Promise<JobObject[]> {
  const { client } = access;
  const namespace = scope === 'All' ? undefined : access.namespace;
  const found: JobObject[] = [];
  let page: string | undefined;
  do {
    const list = await attempt(access, 'list jobs', async () => {
      try {
        return await client.list(JOBS_OF_OURS, { namespace, limit: 500, continue: page });
      } catch (error) {
        if (isApiError(error, ({ isNotFound }) => isNotFound)) throw definitionMissing(access);
        throw error;
      }
    });
    found.push(...list.items);
    page = list.continue;
  } while (page !== undefined);
  const key = ({ metadata: { namespace: space, name } }: JobObject): string => `${space}/${name}`;
  return found.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/**
 * Server-side apply of a manifest; fields that others set and it does not name stay.
 * @throws DistillError DISTILL_E_NOT_INSTALLED and those of `attempt`
 */
export async function applyJob(
  access: ClusterAccess,
  { metadata, spec }: Pick<WrittenJob, 'metadata' | 'spec'>,
): Promise<JobObject> {
  const { client } = access;
  const object = { spec, metadata: { ...metadata, namespace: metadata.namespace ?? access.namespace } };
  const doing = `apply the job ${metadata.name}`;
  return attempt(access, doing, async () => {
    try {
      return await client.apply(JOBS_OF_OURS, object, { fieldManager: FIELD_MANAGER, force: true });
    } catch (error) {
      if (isApiError(error, ({ isNotFound }) => isNotFound) && !(await isInstalled(access))) {
        throw definitionMissing(access);
      }
      throw (await refusedByOlder(access, doing, error)) ?? error;
    }
  });
}

/** A merge patch of the job of this name. @throws DistillError DISTILL_E_JOB_NOT_FOUND and those of `attempt` */
export async function patchJob(access: ClusterAccess, name: string, patch: object): Promise<JobObject> {
  const { client, namespace } = access;
  return attempt(access, `change the job ${name}`, async () => {
    try {
      return await client.mergePatch(JOBS_OF_OURS, { namespace, name, fieldManager: FIELD_MANAGER }, patch);
    } catch (error) {
      if (!isApiError(error, ({ isNotFound }) => isNotFound)) throw error;
      throw (await isInstalled(access)) ? jobMissing(access, name) : definitionMissing(access);
    }
  });
}

/** Whether the API server knows DistillationJobs. */
export const isInstalled = ({ client }: ClusterAccess): Promise<boolean> => client.hasGroup(JOBS_OF_OURS.group);

/**
 * Deletes the job of this name, with its Jobs and pods in the background.
 * @throws DistillError DISTILL_E_JOB_NOT_FOUND and those of `attempt`
 */
export async function deleteJob(access: ClusterAccess, { metadata: { name, uid } }: JobObject): Promise<void> {
  const { client, namespace } = access;
  await attempt(access, `delete the job ${name}`, async () => {
    try {
      await client.delete(JOBS_OF_OURS, { namespace, name }, { uid, propagationPolicy: 'Background' });
    } catch (error) {
      throw isApiError(error, ({ isNotFound }) => isNotFound) ? jobMissing(access, name) : error;
    }
  });
}
