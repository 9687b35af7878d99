import { ANNOTATION, endedKey, FIELD_MANAGER, WORK_DONE } from '../objects/labels.ts';
import type { Write } from '../objects/snapshot.ts';
import { ApiError } from '@distillation/kube/api-error';
import type { ObjectName } from '@distillation/kube/calls';
import type { KubeClient } from '@distillation/kube/client';
import { CONFIG_MAPS, JOBS, PODS } from '@distillation/kube/resources';
import { DISTILLATION_JOBS } from '../objects/distillation-jobs.ts';

const RESOURCES = { jobs: JOBS, configmaps: CONFIG_MAPS, pods: PODS, distillationjobs: DISTILLATION_JOBS } as const;

/** `Missed`: the target is gone, or another object has taken its name. The watch will report that. */
type WriteOutcome = 'Done' | 'Missed';

/** Carries out one write, idempotently. Rejects with `ApiError` unless the target is merely gone. */
export async function executeWrite(client: KubeClient, namespace: string, write: Write): Promise<WriteOutcome> {
  if (write.type === 'Apply') {
    const object = { ...write.object, metadata: { ...write.object.metadata, namespace } };
    await client.apply(RESOURCES[write.resource], object, { fieldManager: FIELD_MANAGER, force: true });
    return 'Done';
  }
  const target = { namespace, name: write.name };
  try {
    switch (write.type) {
      case 'Suspend': {
        const annotations = { [ANNOTATION.suspend]: String(write.suspend) };
        const patch = { metadata: { uid: write.uid, annotations }, spec: { suspend: write.suspend } };
        await client.mergePatch(JOBS, { ...target, fieldManager: FIELD_MANAGER }, patch);
        break;
      }
      case 'Delete': {
        const options = { uid: write.uid, propagationPolicy: 'Background' } as const;
        await client.delete(RESOURCES[write.resource], target, options);
        break;
      }
      case 'EndPod':
        await endPod(client, namespace, write);
        break;
      case 'ForceDelete':
        await forceDelete(client, target, write.uid);
        break;
    }
    return 'Done';
  } catch (error) {
    if (error instanceof ApiError && (error.isNotFound || error.isOtherUid)) return 'Missed';
    throw error;
  }
}

async function endPod(client: KubeClient, namespace: string, write: Extract<Write, { type: 'EndPod' }>): Promise<void> {
  const { name, uid, isDone, outcome } = write;
  const fieldManager = FIELD_MANAGER;
  if (outcome !== undefined) {
    const annotations = { [endedKey(outcome.index)]: String(outcome.exitCode) };
    const patch = { metadata: { uid: outcome.jobUid, annotations } };
    await client.mergePatch(JOBS, { namespace, name: outcome.jobName, fieldManager }, patch);
  }
  if (isDone) {
    const condition = {
      type: WORK_DONE,
      status: 'True',
      reason: 'WorkerEnded',
      message: 'The worker has ended well; the operator ends the containers that were added to its pod.',
      lastTransitionTime: new Date().toISOString(),
    };
    const done = { metadata: { namespace, name, uid }, status: { conditions: [condition] } };
    await client.apply(PODS, done, { fieldManager, force: true, subresource: 'status' });
  }
  await client.delete(PODS, { namespace, name }, { uid });
}

/**
 * Marks a pod failed by a disruption and deletes it without waiting for its kubelet, as Kubernetes' pod garbage collector does. A pod that
 * has already ended keeps its phase.
 */
async function forceDelete(client: KubeClient, target: ObjectName, uid: string): Promise<void> {
  const pod = await client.get(PODS, target);
  const phase = pod.status?.phase;
  if (phase !== 'Failed' && phase !== 'Succeeded') {
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'NodeNotAnswering',
      message: 'The node did not stop the pod in its grace period; the operator gave the pod up.',
      lastTransitionTime: new Date().toISOString(),
    };
    const failed = { metadata: { ...target, uid }, status: { phase: 'Failed', conditions: [condition] } };
    await client.apply(PODS, failed, { fieldManager: FIELD_MANAGER, force: true, subresource: 'status' });
  }
  await client.delete(PODS, target, { uid, gracePeriodSeconds: 0 });
}
