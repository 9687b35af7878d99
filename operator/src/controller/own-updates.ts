import { canonicalJson } from '@distillation/api/canonical';
import type { DistillationJobStatus } from '@distillation/api/job';
import { type Change, compareVersions } from '@distillation/kube/store';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import { sameStatus } from '../status/problem-status.ts';

/**
 * What the operator itself writes into the status of jobs. The cache learns of it a little later; a decision made from the older state in
 * between would be made twice, with its events and its counts.
 */
export class OwnUpdates {
  /** Answers of the API server, by UID. */
  readonly #written = new Map<string, DistillationJobObject>();
  /** Reports that were sent and have not come back yet, by UID. */
  readonly #reports = new Map<string, DistillationJobStatus>();

  keep(job: DistillationJobObject): void {
    this.#written.set(job.metadata.uid, job);
  }

  /** The cached job, or what was written since it. */
  newer(cached: DistillationJobObject): DistillationJobObject {
    const { uid, resourceVersion } = cached.metadata;
    const written = this.#written.get(uid);
    if (written === undefined) return cached;
    const order = compareVersions(resourceVersion, written.metadata.resourceVersion);
    if (order !== undefined && order < 0) return written;
    this.#written.delete(uid);
    return cached;
  }

  /** A status that says only what went wrong is about to be sent: the watch may tell of it before the answer is here. */
  announce(uid: string, report: DistillationJobStatus): void {
    this.#reports.set(uid, report);
  }

  /**
   * Whether a change is an announced report coming back, and nothing else. It is no reason to look at the job again, which has failed a
   * moment ago and has its time of waiting. Whatever else changed is, be it in the same step.
   */
  isOwnUpdate({ old, new: now }: Change<DistillationJobObject>): boolean {
    if (old === undefined || now === undefined) return false;
    const { uid } = now.metadata;
    const report = this.#reports.get(uid);
    if (report === undefined || now.status === undefined || !sameStatus(report, now.status)) return false;
    this.#reports.delete(uid);
    return essence(old) === essence(now);
  }

  forget(uid: string): void {
    this.#written.delete(uid);
    this.#reports.delete(uid);
  }
}

/** All but the status; the generation stands for the spec. */
const essence = ({ metadata }: DistillationJobObject): string => canonicalJson({ ...metadata, resourceVersion: '' });
