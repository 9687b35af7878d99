import { createHash } from 'node:crypto';
import { canonicalJson } from '@distillation/api/canonical';
import type { V1JobSpec, V1PodFailurePolicy } from '@kubernetes/client-node';
import { EXIT } from '@distillation/api/errors';
import type { DistillationJobObject } from './snapshot.ts';
import type { Wire, WireJob } from '@distillation/kube/wire';
import type { ChildConfig } from './config.ts';
import { revisionOf } from './revision.ts';
import { LABEL } from '@distillation/api/labels';
import { ANNOTATION, WORK_DONE, childLabels, ownerReference, propagatedLabels } from './labels.ts';
import type { Role } from '@distillation/api/words';
import { childName } from './names.ts';
import { CONTAINER, podTemplate } from './pod.ts';

/**
 * The Jobs of a DistillationJob. They are created once and then only suspended, resumed and deleted: deadlines and time to live belong to
 * the DistillationJob, and a finished Job is kept for its pods' logs.
 */

interface JobInput {
  readonly config: ChildConfig;
  /** Number of earlier Jobs of this role and revision. */
  readonly attempt: number;
}

/** Checks teacher and data and writes the plan. @throws DISTILL_E_MANIFEST_INVALID without a working volume */
export function plannerJob(job: DistillationJobObject, input: JobInput): WireJob {
  return build(job, { ...input, role: 'planner' }, single(job));
}

/** Trains these bins, one pod each. @throws DISTILL_E_MANIFEST_INVALID without a working volume */
export function workerJob(job: DistillationJobObject, input: JobInput & { readonly bins: readonly number[] }): WireJob {
  return build(
    job,
    { ...input, role: 'worker' },
    {
      completionMode: 'Indexed',
      completions: input.bins.length,
      parallelism: input.bins.length,
      backoffLimitPerIndex: job.spec.cluster.backoffLimit,
      podFailurePolicy: failurePolicy('FailIndex'),
    },
  );
}

/** Measures, selects, assembles and fine-tunes. @throws DISTILL_E_MANIFEST_INVALID without a working volume */
export function finalizerJob(job: DistillationJobObject, input: JobInput): WireJob {
  return build(job, { ...input, role: 'finalizer' }, single(job));
}

const single = ({ spec }: DistillationJobObject): Partial<Wire<V1JobSpec>> => ({
  completionMode: 'NonIndexed',
  completions: 1,
  parallelism: 1,
  backoffLimit: spec.cluster.backoffLimit,
  podFailurePolicy: failurePolicy('FailJob'),
});

/**
 * A pod whose worker succeeded is not retried, whatever the exit code of an injected container. Disruptions (eviction, preemption) do not
 * count as failures. An exit code for invalid input fails the Job or index at once, since a retry would not help. All others count towards
 * the backoff limit.
 */
const failurePolicy = (action: 'FailIndex' | 'FailJob'): Wire<V1PodFailurePolicy> => ({
  rules: [
    { action, onPodConditions: [{ type: WORK_DONE, status: 'True' }] },
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    {
      action,
      onExitCodes: { containerName: CONTAINER, operator: 'In', values: [EXIT.usage, EXIT.input, EXIT.config] },
    },
  ],
});

function build(
  job: DistillationJobObject,
  { role, attempt, config, bins }: JobInput & { readonly role: Role; readonly bins?: readonly number[] },
  spec: Partial<Wire<V1JobSpec>>,
): WireJob {
  const identity = { role, revision: revisionOf(role, job), attempt };
  const { queueName } = job.spec.cluster;
  // Kueue admits a Job by resuming it: with a queue, it alone decides when pods may run.
  const suspend = queueName !== undefined;
  const made: Wire<V1JobSpec> = {
    ...spec,
    // The only value that the API allows together with a pod failure policy.
    podReplacementPolicy: 'Failed',
    template: podTemplate(job, identity, { config, ...(bins !== undefined && { bins }) }),
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: childName(job.metadata.name, identity),
      namespace: job.metadata.namespace,
      labels: {
        ...propagatedLabels(job, config),
        ...childLabels(job, identity),
        ...(queueName !== undefined && { [LABEL.queue]: queueName }),
      },
      annotations: {
        ...(bins !== undefined && { [ANNOTATION.bins]: bins.join(',') }),
        [ANNOTATION.suspend]: String(suspend),
        [ANNOTATION.made]: createHash('sha256').update(canonicalJson(made)).digest('hex').slice(0, 10),
      },
      ownerReferences: [ownerReference(job)],
    },
    spec: { ...made, suspend },
  };
}
