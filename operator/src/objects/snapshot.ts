import type { DistillationJobStatus } from '@distillation/api/job';
import type { DistillationJobOf } from '@distillation/api/job-object';
import type { LiveProgress, PlannerProgress } from '@distillation/api/progress';
import type { EventDraft } from '@distillation/kube/events';
import type { WireClaim, WireConfigMap, WireJob, WireMeta, WirePod } from '@distillation/kube/wire';

/**
 * The whole input of a reconcile, read once: the job and its children from the caches (possibly slightly stale), and what was read from the
 * API server besides. Plain JSON as the API server sent it; times are RFC 3339 strings.
 */
export interface Snapshot {
  readonly job: DistillationJobObject;
  /** Children of the job with this UID, of any revision. */
  readonly jobs: readonly WireJob[];
  readonly pods: readonly WirePod[];
  readonly configMaps: readonly WireConfigMap[];
  /** The claims that the spec names, by name; undefined for one that does not exist. Absent when claims were not read. */
  readonly claims?: ReadonlyMap<string, WireClaim | undefined>;
  /**
   * By UID, the newest warning event of a pod that is stuck or was killed for a reason that its status does not give (volumes that do not
   * mount, failed probes), or of a Job whose pods cannot be created.
   */
  readonly podWarnings: ReadonlyMap<string, PodWarning>;
  /** Whether the namespace is being deleted; absent when it was not read or the operator may not read it. */
  readonly namespaceEnds?: boolean;
  /** Whether the cluster has Kueue; absent when that was not checked. */
  readonly hasKueue?: boolean;
  /** The last answer of a pod of this job, if there was any since the operator started. */
  readonly live?: LiveProgress;
  /** The last answer of the planner's pod that is polled, if there was any since the operator started. */
  readonly planner?: PlannerAnswer;
  readonly now: Date;
}

/** An answer, and the UID of the pod that gave it. */
export type PlannerAnswer = Pick<PlannerProgress, 'awaits'> & { readonly podUid: string };

/** A job as the API server returns it. */
export type DistillationJobObject = DistillationJobOf<WireMeta>;

export interface PodWarning {
  /** Such as `FailedMount`. */
  readonly reason: string;
  readonly message: string;
  /** When it was last observed, in milliseconds since the epoch by its reporter's clock. */
  readonly at?: number;
}

/** The result of a reconcile as pure data. The controller carries it out in this order: writes, status, events. */
export interface Reconciliation {
  readonly writes: readonly Write[];
  /** The complete desired status; absent when it is already up to date. */
  readonly status?: DistillationJobStatus;
  /** Sent only after the status was written. */
  readonly events: readonly EventDraft[];
  /** When to reconcile again even if nothing changes: for a deadline, a time to live, a pod that is stuck. */
  readonly requeueAfterMs?: number;
  /** The pod to poll for live progress. */
  readonly poll?: { readonly podName: string; readonly podUid: string; readonly podIP: string };
  /** Names of pods that wait without a reason in their status and of Jobs that lack pods: the events to read for a second reconcile. */
  readonly needsEvents: readonly string[];
}

/** One idempotent write to the API. */
export type Write =
  /** Server-side apply under the operator's field manager. */
  | { readonly type: 'Apply'; readonly resource: 'jobs' | 'configmaps'; readonly object: WireJob | WireConfigMap }
  /** Sets `spec.suspend` of a child Job and the annotation that records it. Nothing else: a Job's template is immutable. */
  | { readonly type: 'Suspend'; readonly name: string; readonly uid: string; readonly suspend: boolean }
  /** Deletes with the UID as precondition and background propagation. */
  | {
      readonly type: 'Delete';
      readonly resource: 'jobs' | 'configmaps' | 'pods' | 'distillationjobs';
      readonly name: string;
      readonly uid: string;
    }
  /**
   * Ends a pod that would keep running although its worker has ended: records the outcome of its index on the Job, sets the condition
   * `WORK_DONE` if the worker succeeded, then deletes the pod with its grace period. All with the UID as precondition.
   */
  | {
      readonly type: 'EndPod';
      readonly name: string;
      readonly uid: string;
      /** Its worker succeeded. */
      readonly isDone: boolean;
      /** Outcome of an index that will not be retried. */
      readonly outcome?: {
        readonly jobName: string;
        readonly jobUid: string;
        readonly index: number;
        readonly exitCode: number;
      };
    }
  /**
   * Force-deletes a pod on an unreachable node, as Kubernetes' pod garbage collector does: marks it as failed by a disruption (phase
   * `Failed`, condition `DisruptionTarget`), then deletes it with grace period 0, both with the UID as precondition. The Job controller
   * replaces a pod only once it has failed; until then a merely deleted pod keeps the finalizer by which the Job tracks it.
   */
  | { readonly type: 'ForceDelete'; readonly name: string; readonly uid: string };
