import { binsOf, WORK_DONE } from '../../src/objects/labels.ts';
import { CONTAINER } from '../../src/objects/pod.ts';
import type { WireJob, WirePod } from '@distillation/kube/wire';
import type { TestCluster } from './cluster.ts';
import { exitCodeOf, indexOfPod, isDisrupted, isFinished, isOver, isOwnedBy } from './status.ts';
import { timestamp } from '@distillation/kube/time';

/** The Job controller of a `TestCluster`. */

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Child {
  job: WireJob;
  pods: WirePod[];
}

interface Outcome {
  readonly state: 'Active' | 'Completed' | 'Failed';
  readonly failures: number;
  /** Exit code with which the input was refused. */
  readonly refused?: number;
}

/** One sync of the Job controller for all Jobs. */
export function runJobController(cluster: TestCluster): void {
  for (const job of cluster.jobs.filter(({ metadata }) => metadata?.deletionTimestamp !== undefined)) {
    cluster.jobs = cluster.jobs.filter((other) => other !== job);
    cluster.pods = cluster.pods.filter((pod) => !isOwnedBy(pod, job));
  }
  for (const job of cluster.jobs.filter((each) => !isFinished(each))) {
    const child: Child = { job, pods: [...cluster.counted, ...cluster.pods].filter((pod) => isOwnedBy(pod, job)) };
    if (job.spec?.suspend === true) {
      suspendPods(cluster, job);
      continue;
    }
    const indexes = job.spec?.completionMode === 'Indexed' ? binsOf(job).map((_, index) => index) : [undefined];
    const outcomes = indexes.map((index) => runIndex(cluster, child, index));
    updateStatus(cluster, job, outcomes);
  }
}

/** Pending pods are gone at once; running ones are terminated and have ended by the controller's next sync. */
function suspendPods(cluster: TestCluster, job: WireJob): void {
  const deletionTimestamp = timestamp(new Date(cluster.now + 30_000));
  cluster.pods = cluster.pods.flatMap((pod) => {
    if (!isOwnedBy(pod, job) || isOver(pod)) return pod;
    const isTold = pod.metadata?.deletionTimestamp !== undefined;
    if (pod.status?.phase === 'Pending' || isTold) return [];
    return { ...pod, metadata: { ...pod.metadata, deletionTimestamp } };
  });
}

/** Retries the pod of an index, or returns how the index ended. */
function runIndex(cluster: TestCluster, { job, pods }: Child, index: number | undefined): Outcome {
  const mine = pods.filter((pod) => index === undefined || indexOfPod(pod) === index);
  const counted = mine.filter((pod) => isOver(pod) && !isDisrupted(pod));
  const codes = counted.map(exitCodeOf);
  const failures = counted.filter(({ status }) => status?.phase !== 'Succeeded').length;
  if (counted.some(({ status }) => status?.phase === 'Succeeded')) return { state: 'Completed', failures };
  if (counted.some(({ status }) => status?.conditions?.some(({ type }) => type === WORK_DONE))) {
    return { state: 'Failed', failures, refused: 0 };
  }
  const refused = codes.find((code) => code !== undefined && [64, 65, 78].includes(code));
  if (refused !== undefined) return { state: 'Failed', failures, refused };
  const limit = job.spec?.backoffLimitPerIndex ?? job.spec?.backoffLimit ?? 0;
  if (failures > limit) return { state: 'Failed', failures };
  if (!mine.some((pod) => !isOver(pod))) createPod(cluster, job, { index, failures });
  return { state: 'Active', failures };
}

function updateStatus(cluster: TestCluster, job: WireJob, outcomes: readonly Outcome[]): void {
  const at = timestamp(new Date(cluster.now));
  const list = (state: Outcome['state']): string =>
    outcomes.flatMap((outcome, index) => (outcome.state === state ? index : [])).join(',');
  const isOverNow = outcomes.every(({ state }) => state !== 'Active');
  const failed = outcomes.find(({ state }) => state === 'Failed');
  const why =
    failed?.refused === 0
      ? `Pod has condition ${WORK_DONE} matching FailJob rule`
      : `Container worker failed with exit code ${failed?.refused ?? ''} matching`;
  const indexed = job.spec?.completionMode === 'Indexed';
  const condition =
    failed === undefined
      ? { type: 'Complete', reason: 'CompletionsReached', message: '' }
      : {
          type: 'Failed',
          reason: indexed
            ? 'FailedIndexes'
            : failed.refused === undefined
              ? 'BackoffLimitExceeded'
              : 'PodFailurePolicy',
          message: failed.refused === undefined ? '' : why,
        };
  const status: Mutable<NonNullable<WireJob['status']>> = {
    succeeded: outcomes.filter(({ state }) => state === 'Completed').length,
    failed: outcomes.reduce((sum, { failures }) => sum + failures, 0),
    ...(indexed && { completedIndexes: list('Completed'), failedIndexes: list('Failed') }),
    ...(isOverNow && { conditions: [{ ...condition, status: 'True', lastTransitionTime: at }] }),
  };
  cluster.jobs = cluster.jobs.map((other) => (other === job ? { ...job, status } : other));
}

function createPod(
  cluster: TestCluster,
  job: WireJob,
  { index, failures }: { readonly index: number | undefined; readonly failures: number },
): void {
  const name = cluster.unique(`${job.metadata?.uid ?? ''}-${index ?? 'x'}`);
  const pod: WirePod = {
    metadata: {
      name,
      uid: name,
      creationTimestamp: timestamp(new Date(cluster.now)),
      labels: job.spec?.template.metadata?.labels ?? {},
      annotations:
        index === undefined
          ? {}
          : {
              'batch.kubernetes.io/job-completion-index': String(index),
              'batch.kubernetes.io/job-index-failure-count': String(failures),
            },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'Job', name: '', uid: job.metadata?.uid ?? '', controller: true },
      ],
    },
    spec: { containers: [{ name: CONTAINER }], nodeName: 'node' },
    status: { phase: 'Pending' },
  };
  cluster.pods = [...cluster.pods, pod];
}
