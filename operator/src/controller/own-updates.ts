import { canonicalJson } from '@distillation/api/canonical';
import type { DistillationJobStatus } from '@distillation/api/job';
import { type Change, compareVersions } from '@distillation/kube/store';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import { sameStatus } from '../status/problem-status.ts';

/**
 * The operator's own writes to the status of jobs. The cache receives them a little later; a reconcile on the older state in between would
 * repeat its decision, with its events and its metrics.
 */
export class OwnUpdates {
  /** Answers of the API server, by UID. */
  readonly #written = new Map<string, DistillationJobObject>();
  /** Problem statuses that were sent and have not come back through the watch yet, by UID. */
  readonly #reports = new Map<string, DistillationJobStatus>();

  keep(job: DistillationJobObject): void {
    this.#written.set(job.metadata.uid, job);
  }

  /** The cached job, or the operator's own later write of it. */
  newer(cached: DistillationJobObject): DistillationJobObject {
    const { uid, resourceVersion } = cached.metadata;
    const written = this.#written.get(uid);
    if (written === undefined) return cached;
    const order = compareVersions(resourceVersion, written.metadata.resourceVersion);
    if (order !== undefined && order < 0) return written;
    this.#written.delete(uid);
    return cached;
  }

  /** To be called before a problem status is sent: the watch event may arrive before the response. */
  announce(uid: string, report: DistillationJobStatus): void {
    this.#reports.set(uid, report);
  }

  /**
   * Whether a change is only an announced problem status coming back. It must not trigger a reconcile, which would bypass the backoff of
   * the job that has just failed. Any other change, even one that arrives together with it, does.
   */
  isOwnUpdate({ old, new: now }: Change<DistillationJobObject>): boolean {
    if (old === undefined || now === undefined) return false;
    const { uid } = now.metadata;
    const report = this.#reports.get(uid);
    if (report === undefined || now.status === undefined || !sameStatus(report, now.status)) return false;
    this.#reports.delete(uid);
    return withoutStatus(old) === withoutStatus(now);
  }

  forget(uid: string): void {
    this.#written.delete(uid);
    this.#reports.delete(uid);
  }
}

/** Everything but the status; the generation stands for the spec. */
const withoutStatus = ({ metadata }: DistillationJobObject): string =>
  canonicalJson({ ...metadata, resourceVersion: '' });
