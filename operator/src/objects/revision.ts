import { createHash } from 'node:crypto';
import { canonicalJson } from '@distillation/api/canonical';
import { askedFineTuning } from '@distillation/api/recipe';
import type { DistillationJobObject } from './snapshot.ts';
import type { Role } from '@distillation/api/words';
import { gpuOf } from '@distillation/core/pod-resources';
import { templateOf } from '@distillation/core/pod-template';

/**
 * Revision of a role's children: a hash of the job's UID and of exactly those parts of its spec that the role's pods are created from. A
 * child of another revision is stale and is replaced. One of the current revision is kept, whatever else in the spec changes (suspend,
 * deadlines, time to live) and whichever version of the operator reconciles it.
 *
 * @returns ten hexadecimal digits, part of the child's name and a label
 */
export function revisionOf(role: Role, job: DistillationJobObject): string {
  const { uid } = job.metadata;
  const revisions = known.get(job.spec) ?? new Map<string, string>();
  known.set(job.spec, revisions);
  const key = `${role} ${uid}`;
  const revision = revisions.get(key) ?? hashOf({ role, uid, ...commonParts(job), ...partsOf[role](job) });
  revisions.set(key, revision);
  return revision;
}

/** Keyed by spec object: every reconcile asks several times, and a cached spec is never changed in place. */
const known = new WeakMap<DistillationJobObject['spec'], Map<string, string>>();

const hashOf = (parts: object): string => createHash('sha256').update(canonicalJson(parts)).digest('hex').slice(0, 10);

/** Without the pod template: each role's part holds the effective one, for the finalizer including what it inherits from the workers'. */
function commonParts({ spec }: DistillationJobObject): object {
  const { teacher, dataset, blocks, training, cluster } = spec;
  const { volume, teacherVolume, datasetVolume, backoffLimit, queueName, className } = cluster;
  return {
    ...{ teacher, dataset, blocks, training },
    ...{ volume, teacherVolume, datasetVolume, backoffLimit, queueName, className },
  };
}

const partsOf: Record<Role, (job: DistillationJobObject) => object> = {
  planner: ({ spec }) => ({
    costSource: spec.scheduling.costSource,
    outputPath: spec.outputs.path,
    template: templateOf('planner', spec.cluster),
    gpu: gpuOf('planner', spec),
  }),
  worker: ({ spec }) => ({
    scheduling: spec.scheduling,
    outputPath: spec.outputs.path,
    template: templateOf('worker', spec.cluster),
    gpu: gpuOf('worker', spec),
  }),
  finalizer: ({ spec }) => ({
    selection: spec.selection,
    fineTuning: askedFineTuning(spec.fineTuning),
    outputs: spec.outputs,
    template: templateOf('finalizer', spec.cluster),
    gpu: gpuOf('finalizer', spec),
  }),
};
