import { encodeTermination, type Termination } from '@distillation/api/termination';
import { ANNOTATION } from '../../src/objects/labels.ts';
import type { Role } from '@distillation/api/words';
import { CONTAINER } from '../../src/objects/pod.ts';
import { CONFIG, jobObject } from '../children.ts';
import { finalizerJob, plannerJob, workerJob } from '../../src/objects/jobs.ts';
import { childJobsOf, type RoleChildJobs } from '../../src/observe/child-jobs.ts';
import type { DistillationJobObject, Snapshot } from '../../src/objects/snapshot.ts';
import type { WireJob, WirePod } from '@distillation/kube/wire';
import { planFor } from './plan.ts';

/** Objects as the API server returns them, for tests: created by the real builders, with the status that a test needs. */

export const NOW = new Date('2026-11-22T21:00:00Z');
/** RFC 3339 time, `seconds` before `NOW`. */
export const ago = (seconds: number): string => new Date(NOW.getTime() - 1000 * seconds).toISOString();

export const JOB = jobObject({ 'spec.scheduling.bins': 2, 'spec.cluster.backoffLimit': 2 });
export const PLAN = planFor(JOB);

export function snapshotOf(changes: Partial<Snapshot> = {}): Snapshot {
  return { job: JOB, jobs: [], pods: [], configMaps: [], podWarnings: new Map(), now: NOW, ...changes };
}

interface JobChanges {
  readonly job?: DistillationJobObject;
  readonly attempt?: number;
  readonly bins?: readonly number[];
  readonly suspend?: boolean;
  /** The value of `suspend` that the operator last set, if other than at the Job's creation. */
  readonly asked?: boolean;
  readonly created?: string;
  readonly deleted?: string;
  readonly status?: WireJob['status'];
}

/** A Job of a role as it is in the cluster; its UID is its name. */
export function childJob(role: Role, changes: JobChanges = {}): WireJob {
  const { job = JOB, attempt = 0, bins = [0, 1], created = ago(100), deleted, suspend, asked, status } = changes;
  const input = { config: CONFIG, attempt };
  const built = {
    planner: () => plannerJob(job, input),
    worker: () => workerJob(job, { ...input, bins }),
    finalizer: () => finalizerJob(job, input),
  }[role]();
  if (built.metadata === undefined || built.spec === undefined) throw new Error('a Job without metadata or spec');
  return {
    ...built,
    metadata: {
      ...built.metadata,
      uid: built.metadata.name ?? '',
      creationTimestamp: created,
      ...(asked !== undefined && {
        annotations: { ...built.metadata.annotations, [ANNOTATION.suspend]: String(asked) },
      }),
      ...(deleted !== undefined && { deletionTimestamp: deleted }),
    },
    spec: { ...built.spec, ...(suspend !== undefined && { suspend }) },
    ...(status !== undefined && { status }),
  };
}

type JobStatus = NonNullable<WireJob['status']>;

export const complete = (seconds = 60, more: Partial<JobStatus> = {}): JobStatus => ({
  succeeded: 1,
  ...more,
  conditions: [{ type: 'Complete', status: 'True', lastTransitionTime: ago(seconds) }],
});

export const failedJob = (reason: string, more: Partial<JobStatus> & { message?: string } = {}): JobStatus => {
  const { message = '', ...status } = more;
  return { ...status, conditions: [{ type: 'Failed', status: 'True', reason, message, lastTransitionTime: ago(60) }] };
};

interface PodChanges {
  readonly name?: string;
  readonly index?: number;
  readonly created?: string;
  readonly deleted?: string;
  readonly node?: string;
  readonly phase?: string;
  readonly status?: WirePod['status'];
  /** State of its container. */
  readonly state?: ContainerState;
  readonly memory?: string;
}

type ContainerState = NonNullable<NonNullable<NonNullable<WirePod['status']>['containerStatuses']>[number]['state']>;

export function podOf(owner: WireJob, changes: PodChanges = {}): WirePod {
  const { index, created = ago(90), deleted, node, phase = 'Pending', status, state, memory } = changes;
  const name = changes.name ?? `${owner.metadata?.name ?? ''}-${index ?? 'x'}`;
  return {
    metadata: {
      name,
      uid: name,
      creationTimestamp: created,
      labels: owner.spec?.template.metadata?.labels ?? {},
      ...(index !== undefined && { annotations: { 'batch.kubernetes.io/job-completion-index': String(index) } }),
      ...(deleted !== undefined && { deletionTimestamp: deleted }),
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: '', uid: owner.metadata?.uid ?? '' }],
    },
    spec: {
      containers: [{ name: CONTAINER, ...(memory !== undefined && { resources: { limits: { memory } } }) }],
      ...(node !== undefined && { nodeName: node }),
    },
    status: {
      phase,
      ...(state !== undefined && {
        containerStatuses: [{ name: CONTAINER, image: '', imageID: '', ready: true, restartCount: 0, state }],
      }),
      ...status,
    },
  };
}

export const runningPod = (owner: WireJob, changes: PodChanges = {}): WirePod =>
  podOf(owner, {
    phase: 'Running',
    state: { running: { startedAt: ago(30) } },
    status: { podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
    ...changes,
  });

/** A pod that ended with this exit code and this termination message. */
export function endedPod(
  owner: WireJob,
  exitCode: number,
  { said, ...changes }: PodChanges & { readonly said?: Termination | string } = {},
): WirePod {
  const message = typeof said === 'object' ? encodeTermination(said) : said;
  const terminated = {
    exitCode,
    startedAt: ago(60),
    finishedAt: ago(20),
    ...(message !== undefined && { message }),
  };
  return podOf(owner, { phase: exitCode === 0 ? 'Succeeded' : 'Failed', state: { terminated }, ...changes });
}

export const errorOf = (code: string, message = 'What was seen.', fix = 'What to do.'): Termination => ({
  type: 'Error',
  code,
  reason: 'Reason',
  message,
  fix,
});

export function childrenOf(role: Role, jobs: readonly WireJob[], pods: readonly WirePod[] = []): RoleChildJobs {
  return childJobsOf(snapshotOf({ jobs, pods })).roles[role];
}
