import { DistillError } from '@distillation/api/errors';
import type { ClusterSpec, DistillationJob } from '@distillation/api/job';
import { API_VERSION, KIND } from '@distillation/api/words';
import type { BinSchedule } from '@distillation/api/plan';
import type { PlanSummary } from '@distillation/api/termination';
import { plural } from '@distillation/api/format';
import type { DistillationJobObject } from './snapshot.ts';
import type { WireConfigMap } from '@distillation/kube/wire';
import type { ChildConfig } from './config.ts';
import { revisionOf } from './revision.ts';
import { childLabels, ownerReference, propagatedLabels } from './labels.ts';
import type { Role } from '@distillation/api/words';
import { childName } from './names.ts';

/** Files that the pods of a job read besides the volume, and that people may look up: `job.json`, `plan.json`, `schedule.json`. */

export const FILE = { job: 'job.json', plan: 'plan.json', schedule: 'schedule.json' } as const;

/** Kubernetes limits the data of a ConfigMap to 1 MiB. */
const SIZE_LIMIT = 1024 * 1024;

/** The part of the configuration that labels depend on. */
type Labelling = Pick<ChildConfig, 'propagateLabels'>;

/**
 * The planner's: the job and, once the planner has reported it, the plan, which thus outlives the pod.
 *
 * @throws DISTILL_E_MANIFEST_INVALID above 1 MiB
 */
export function plannerConfigMap(
  job: DistillationJobObject,
  plan?: PlanSummary,
  config: Labelling = {},
): WireConfigMap {
  return configMap(job, plan === undefined ? {} : { [FILE.plan]: plan }, { role: 'planner', config });
}

/** The workers': job, plan and schedule. @throws DISTILL_E_MANIFEST_INVALID above 1 MiB */
export function workerConfigMap(
  job: DistillationJobObject,
  { plan, schedule }: { readonly plan: PlanSummary; readonly schedule: BinSchedule },
  config: Labelling = {},
): WireConfigMap {
  return configMap(job, { [FILE.plan]: plan, [FILE.schedule]: schedule }, { role: 'worker', config });
}

/** The finalizer's: the job. @throws DISTILL_E_MANIFEST_INVALID above 1 MiB */
export function finalizerConfigMap(job: DistillationJobObject, config: Labelling = {}): WireConfigMap {
  return configMap(job, {}, { role: 'finalizer', config });
}

function configMap(
  job: DistillationJobObject,
  files: Readonly<Record<string, object>>,
  { role, config }: { readonly role: Role; readonly config: Labelling },
): WireConfigMap {
  const identity = { role, revision: revisionOf(role, job) };
  const data = Object.fromEntries(
    Object.entries({ [FILE.job]: manifestOf(job, role), ...files }).map(([name, content]) => [
      name,
      `${JSON.stringify(content, undefined, 1)}\n`,
    ]),
  );
  checkSize(data);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: childName(job.metadata.name, identity),
      namespace: job.metadata.namespace,
      labels: { ...propagatedLabels(job, config), ...childLabels(job, identity) },
      ownerReferences: [ownerReference(job)],
    },
    data,
  };
}

/** The manifest that a worker reads, with the same parser as a user's. */
function manifestOf({ metadata: { name, namespace }, spec }: DistillationJobObject, role: Role): DistillationJob {
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name, namespace },
    spec: { ...spec, cluster: workersPart(spec.cluster, role) },
  };
}

/** Without pod templates and what only the operator uses, so that a suspension or a longer deadline does not change the ConfigMap. */
function workersPart(
  { volume, teacherVolume, datasetVolume, gpu, backoffLimit, inputsDeadlineSeconds: inputs = 0 }: ClusterSpec,
  role: Role,
): ClusterSpec {
  return {
    ...(volume !== undefined && { volume }),
    ...(teacherVolume !== undefined && { teacherVolume }),
    ...(datasetVolume !== undefined && { datasetVolume }),
    ...(role === 'planner' && inputs > 0 && { inputsDeadlineSeconds: inputs }),
    gpu,
    backoffLimit,
    suspend: false,
  };
}

function checkSize(data: Readonly<Record<string, string>>): void {
  const sizes = Object.entries(data).map(([name, text]) => ({ name, bytes: Buffer.byteLength(text) }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= SIZE_LIMIT) return;
  const parts = sizes.map(({ name, bytes }) => `${name} ${bytes}`).join(', ');
  throw new DistillError(
    'DISTILL_E_MANIFEST_INVALID',
    `What the pods are told takes ${plural(total, 'byte')} (${parts}), and Kubernetes lets a ConfigMap hold ${SIZE_LIMIT}: ` +
      'replace fewer layers (spec.blocks.include, exclude) or shorten the lists in the spec.',
    { subject: 'spec.blocks' },
  );
}
