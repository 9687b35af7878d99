import type { DistillationJob, DistillationJobStatus } from '@distillation/api/job';
import type { LiveProgress } from '@distillation/api/progress';
import type { EventDraft } from '@distillation/kube/events';
import type { WireClaim, WireConfigMap, WireJob, WireMeta, WirePod } from '@distillation/kube/wire';

/**
 * Everything a reconcile is made from, read once: the job and its children as the caches hold them (perhaps a little old), and what
 * was asked of the cluster besides. Plain JSON as the API server sent it: times are strings, as its wire format has them.
 */
export interface Snapshot {
  readonly job: DistillationJobObject;
  /** Children whose owner reference holds the job's UID, whatever spec they were made for. */
  readonly jobs: readonly WireJob[];
  readonly pods: readonly WirePod[];
  readonly configMaps: readonly WireConfigMap[];
  /** The claims that the spec names, by name; undefined where there is none. Absent when nothing was asked. */
  readonly claims?: ReadonlyMap<string, WireClaim | undefined>;
  /**
   * By UID, the newest warning event of a pod that is stuck or was killed without a reason in its own status (volumes that do not mount,
   * probes that fail) or of a Job whose pods cannot be made.
   */
  readonly podWarnings: ReadonlyMap<string, PodWarning>;
  /** Whether the namespace is being deleted; absent when nobody asked, or the operator may not look. */
  readonly namespaceEnds?: boolean;
  /** Whether the cluster has Kueue; absent when nobody asked. */
  readonly hasKueue?: boolean;
  /** What a pod of this job last answered, if it was since the operator began. */
  readonly live?: LiveProgress;
  readonly now: Date;
}

/** A job as the API server serves it: defaults filled in. */
export interface DistillationJobObject extends Omit<DistillationJob, 'metadata' | 'status'> {
  readonly metadata: WireMeta;
  readonly status?: DistillationJobStatus;
}

export interface PodWarning {
  /** Such as `FailedMount`. */
  readonly reason: string;
  readonly message: string;
  /** When it was last seen, in milliseconds of UNIX time by its reporter's clock. */
  readonly at?: number;
}

/** What a reconcile wants done, in this order: writes, status, events. Pure data; the controller carries it out. */
export interface Reconciliation {
  readonly writes: readonly Write[];
  /** The whole status as it should be; absent when it is so already. */
  readonly status?: DistillationJobStatus;
  /** Sent only after the status was written. */
  readonly events: readonly EventDraft[];
  /** When to look again though nothing changes: a deadline, a time to live, a pod that is stuck. */
  readonly requeueAfterMs?: number;
  /** The pod to ask for live progress. */
  readonly poll?: { readonly podName: string; readonly podUid: string; readonly podIP: string };
  /** Names of pods that wait and do not say why, and of Jobs that lack pods: their events should be read for the next look. */
  readonly needsEvents: readonly string[];
}

/** One write to the API; each may be repeated without harm. */
export type Write =
  /** Server-side apply under the operator's field manager. */
  | { readonly type: 'Apply'; readonly resource: 'jobs' | 'configmaps'; readonly object: WireJob | WireConfigMap }
  /** Sets `spec.suspend` of a child Job and notes that it was asked for, and nothing else: the rest of its template cannot change. */
  | { readonly type: 'Suspend'; readonly name: string; readonly uid: string; readonly suspend: boolean }
  /** Deletes with the UID as precondition, dependents in the background. */
  | {
      readonly type: 'Delete';
      readonly resource: 'jobs' | 'configmaps' | 'pods' | 'distillationjobs';
      readonly name: string;
      readonly uid: string;
    }
  /**
   * Ends a pod whose worker has ended and which would run on: notes the outcome of its index on its Job, marks a pod that is done
   * (condition `WORK_DONE`), then deletes it with its grace period, all with the UID as precondition.
   */
  | {
      readonly type: 'EndPod';
      readonly name: string;
      readonly uid: string;
      /** Its worker ended well. */
      readonly isDone: boolean;
      /** Of an index that is not tried again. */
      readonly outcome?: {
        readonly jobName: string;
        readonly jobUid: string;
        readonly index: number;
        readonly exitCode: number;
      };
    }
  /**
   * Gives up a pod whose node does not answer, as the pod garbage collector does: marks it failed by a disruption (phase `Failed`,
   * condition `DisruptionTarget`), then deletes it with grace period 0, both with the UID as precondition. The Job controller replaces a
   * pod only once it has failed, and one that is merely deleted keeps its tracking finalizer until then.
   */
  | { readonly type: 'ForceDelete'; readonly name: string; readonly uid: string };
